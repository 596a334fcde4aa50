import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    setupFiles: ['test/support/fail-on-console.ts', 'test/support/matchers.ts'],
    unstubEnvs: true,
    // A limit for what hangs, not for what is slow: how fast a machine is proves nothing here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // oidc-provider says so when it is imported on Node.js 20; it works there all the same.
    onConsoleLog: (line) => !line.startsWith('oidc-provider WARNING: Unsupported runtime.'),
  },
})

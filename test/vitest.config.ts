import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

/** What takes long by nature: browsers, whole processes that are killed, installations. `npm run test:long` runs these. */
const long = [
  'test/browser/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/journey/**/*.test.ts',
  'test/docs/clone.test.ts',
  'test/soak/soak.test.ts',
  'test/packed.test.ts',
  'test/production-install.test.ts',
  'test/cli/*.test.ts',
  'test/demo/server.test.ts',
  'test/dev/*.test.ts',
  'test/doctor/chain.test.ts',
  'test/doctor/more-than-one.test.ts',
  'test/provision/by-hand.test.ts',
  'test/provision/interruption.test.ts',
  'test/provision/second-company.test.ts',
  'test/sso/logto/logto-keys.test.ts',
  'test/provision/*-interrupted.test.ts',
  'test/sso/session/redis-*.test.ts',
  'test/sso/http/header-size.test.ts',
]

const isLong = process.env.TEST_LONG === 'true'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: isLong ? long : ['test/**/*.test.ts'],
    exclude: isLong ? configDefaults.exclude : [...configDefaults.exclude, ...long],
    globalSetup: 'test/support/build.ts',
    setupFiles: ['test/support/fail-on-console.ts', 'test/support/matchers.ts'],
    unstubEnvs: true,
    // Files side by side. Browsers and killed processes need the machine for themselves.
    maxWorkers: isLong ? 1 : 2,
    // What the app is built on takes longer to load than most files to run, so a worker loads it once.
    isolate: isLong,
    // A limit for what hangs, not for what is slow: how fast a machine is proves nothing here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // oidc-provider says so when it is imported on Node.js 20; it works there all the same.
    onConsoleLog: (line) => !line.startsWith('oidc-provider WARNING: Unsupported runtime.'),
  },
})

import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { EachEventIsWritten } from './support/audited/each-event-is-written.ts'

/** What takes long by nature and needs the machine for itself: processes that are killed, loads, installations. */
const alone = [
  'test/faults/**/*.test.ts',
  'test/soak/soak.test.ts',
  'test/docs/clone.test.ts',
  'test/packed.test.ts',
  'test/production-install.test.ts',
  'test/dev/*.test.ts',
  'test/browser/leaving.test.ts',
]

/** What takes long by nature and minds no other: browsers, whole chains of processes. */
const sideBySide = [
  'test/browser/**/*.test.ts',
  'test/journey/**/*.test.ts',
  'test/cli/*.test.ts',
  'test/demo/server.test.ts',
  'test/doctor/chain.test.ts',
  'test/doctor/more-than-one.test.ts',
  'test/doctor/silent-hosts.test.ts',
  'test/portal/two-processes.test.ts',
  'test/provision/by-hand.test.ts',
  'test/provision/interruption.test.ts',
  'test/provision/second-company.test.ts',
  'test/settings/bad-ports.test.ts',
  'test/sso/logto/logto-keys.test.ts',
  'test/provision/*-interrupted.test.ts',
  'test/sso/session/redis-*.test.ts',
  'test/sso/http/header-size.test.ts',
  'test/bench/scale.test.ts',
]

const isLong = process.env.TEST_LONG === 'true'

/** Files that run by the same number of workers; one such group after the other, in their order. */
function project(name: string, include: string[], exclude: string[], groupOrder: 0 | 1) {
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude: [...configDefaults.exclude, ...exclude],
      maxWorkers: groupOrder === 0 ? 2 : 1,
      sequence: { groupOrder },
    },
  }
}

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    // `npm run test:long` runs the long ones, and `npm test` all others.
    ...(isLong
      ? { projects: [project('side by side', sideBySide, alone, 0), project('alone', alone, [], 1)] }
      : { include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, ...alone, ...sideBySide] }),
    globalSetup: 'test/support/build.ts',
    setupFiles: [
      'test/support/fail-on-console.ts',
      'test/support/audited/check-lines.ts',
      'test/support/matchers.ts',
      'test/support/real-time.ts',
    ],
    reporters: ['default', new EachEventIsWritten()],
    unstubEnvs: true,
    maxWorkers: 2,
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

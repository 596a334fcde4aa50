import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'
import { settingHints } from '../../src/settings/hints.ts'

describe('what is said of the settings at the start', () => {
  it.each<[Record<string, string>, boolean, string[]]>([
    [{}, true, []],
    [{ PORT: '8080' }, true, []],
    [{ BASE_URL: 'http://localhost:3510' }, true, []],
    [{ BASE_URL: 'http://crm.localhost:3510' }, true, []],
    [{ BASE_URL: 'http://localhost:3510', PORT: '8080' }, true, ['PORT=3510']],
    [{ BASE_URL: 'http://127.0.0.1:3510', PORT: '8080' }, false, ['PORT=3510']],
    [{ BASE_URL: 'https://localhost:3510', PORT: '8080' }, false, []],
    [{ BASE_URL: 'http://app.example', PORT: '8080' }, false, []],
    [{ BASE_URL: 'http://app.example' }, true, ['http://app.example']],
    [{ BASE_URL: 'http://192.168.1.20:3000' }, true, ['http://192.168.1.20:3000']],
    [{ HOST: '192.168.1.20' }, false, ['192.168.1.20 only']],
    [{ HOST: '192.168.1.20', BASE_URL: 'http://192.168.1.20:3000' }, false, []],
    [{ HOST: '0.0.0.0' }, false, []],
    [{ HOST: '127.0.0.1' }, false, []],
  ])('hints, %o with the sandbox: %s, are %j', (env, withSandbox, expected) => {
    const hints = settingHints(loadConfig(env), withSandbox)
    expect(hints).toEqual(expected.map((words) => expect.stringContaining(words)))
  })

  it('hints, of the portal, name its own settings', () => {
    const portal = { baseUrl: 'http://localhost:4003', port: 3003, host: '192.168.1.20' }
    const hints = settingHints(portal, false, 'PORTAL_')
    expect(hints).toEqual([
      expect.stringMatching(/^PORTAL_BASE_URL .*PORTAL_PORT=4003/),
      expect.stringContaining('HOST or PORTAL_BASE_URL'),
    ])
  })
})

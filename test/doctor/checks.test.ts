import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/doctor/check.ts'
import { checks, checksOfPerson } from '../../src/doctor/checks.ts'
import { Examination } from '../../src/doctor/examination.ts'
import { freePorts } from '../support/free-ports.ts'
import { startCluster } from '../support/redis-cluster.ts'
import { redisRefusals } from '../support/redis-refusals.ts'
import { startRedis, withoutRedis } from '../support/redis-server.ts'

const endpoint = 'https://logto.example'
const env = {
  BASE_URL: 'https://app.example',
  LOGTO_ENDPOINT: endpoint,
  LOGTO_APP_ID: 'the-app',
  LOGTO_APP_SECRET: 'the-app-secret',
}
const noon = Date.parse('2026-11-23T12:00:00Z')
const mark = '<meta name="application-name" content="express-logto-okta">'

type Answers = Record<string, () => Response>

/** An examination whose network is a list of answers by address. */
function examination(
  answers: Answers = {},
  {
    settings = {},
    now = () => noon,
    names = {},
  }: {
    settings?: Record<string, string>
    now?: () => number
    names?: Record<string, string[]>
  } = {},
) {
  return new Examination(
    { ...env, ...settings },
    {
      fetch: async (input) => {
        const answer = answers[String(input)]
        if (!answer) throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
        return answer()
      },
      now,
      lookup: async (hostname) => names[hostname] ?? Promise.reject(new Error('ENOTFOUND')),
    },
  )
}

/** What one check finds, in English. */
const examine = async (id: string, on: Examination) =>
  JSON.parse(JSON.stringify(await checkOf(id).examine(on)))

function checkOf(id: string): Check {
  const check = checks.find((candidate) => candidate.id === id)
  if (!check) throw new Error(`no check ${id}`)
  return check
}

describe('the list of checks', () => {
  it('checks, each, stand behind those they need', () => {
    const all = [...checks, ...checksOfPerson]
    all.forEach(({ needs }, index) => {
      const before = all.slice(0, index).map(({ id }) => id)
      for (const id of needs) expect(before).toContain(id)
    })
  })
})

describe('clock', () => {
  const answered = (headers: Record<string, string>) => ({
    [`${endpoint}/api/status`]: () => new Response(null, { status: 204, headers }),
  })
  const at = (seconds: number) => new Date(noon + seconds * 1000).toUTCString()

  it.each([
    ['the same second', 0, 'ok', 'less than a second apart'],
    ['29 s ahead', 29, 'ok', '29 s apart'],
    // `Date` says the second that has begun: what it says is up to a second more.
    ['30 s behind, as Date says', -30, 'ok', '29 s apart'],
    ['31 s behind, as Date says', -31, 'warning', '30 s apart'],
    ['30 s ahead', 30, 'warning', '30 s apart'],
    ['60 s ahead', 60, 'warning', '60 s apart'],
    ['61 s ahead', 61, 'broken', '61 s apart'],
    ['62 s behind, as Date says', -62, 'broken', '61 s apart'],
  ])("clock, Logto's $0, is $2", async (_what, seconds, status, answer) => {
    const on = examination(answered({ date: at(seconds) }))
    expect(await examine('clock', on)).toMatchObject({ status, answer })
  })

  it("clock, ours ahead of Logto's and behind it, says which", async () => {
    const ahead = await examine('clock', examination(answered({ date: at(-300) })))
    expect(ahead).toMatchObject({ meaning: expect.stringContaining('is 299 s ahead of Logto') })
    const behind = await examine('clock', examination(answered({ date: at(300) })))
    expect(behind).toMatchObject({ meaning: expect.stringContaining('is 300 s behind Logto') })
  })

  it('clock, an answer that a cache has kept, counts its age', async () => {
    const on = examination(answered({ date: at(-300), age: '300' }))
    expect(await examine('clock', on)).toMatchObject({ status: 'ok' })
  })

  it('clock, a call that took long, is compared with its middle', async () => {
    const times = [noon, noon + 40_000]
    const on = examination(answered({ date: at(20) }), { now: () => times.shift() ?? 0 })
    expect(await examine('clock', on)).toMatchObject({ status: 'ok', answer: 'less than a second apart' })
  })

  it('clock, no Date, is unknown', async () => {
    expect(await examine('clock', examination(answered({})))).toMatchObject({ status: 'unknown' })
  })
})

describe('logto-endpoint', () => {
  const url = `${endpoint}/api/status`

  const redirect = 'https://www.logto.example/?token=hidden'
  it.each([
    ['a page where Logto has none', () => new Response('<h1>Welcome</h1>'), { answer: '200' }],
    ['a redirect', () => Response.redirect(redirect, 301), { answer: '301 to https://www.logto.example/' }],
    [
      'a fault of its own',
      () => new Response('', { status: 502 }),
      { meaning: expect.stringContaining('has a fault') },
    ],
  ])('endpoint, with %s, is told apart from a Logto', async (_what, answer, says) => {
    const finding = await examine('logto-endpoint', examination({ [url]: answer }))
    expect(finding).toMatchObject({ status: 'broken', ...says })
  })
})

describe('logto-discovery', () => {
  const document = (issuer: string, base = endpoint) => ({
    [`${endpoint}/oidc/.well-known/openid-configuration`]: () =>
      Response.json({
        issuer,
        ...Object.fromEntries(
          ['authorization', 'token', 'userinfo', 'revocation', 'end_session'].map((name) => [
            `${name}_endpoint`,
            `${base}/oidc/${name}`,
          ]),
        ),
        jwks_uri: `${endpoint}/oidc/jwks`,
        id_token_signing_alg_values_supported: ['ES384'],
      }),
  })

  it('discovery, a slash too many in the issuer, is broken', async () => {
    const on = examination(document(`${endpoint}/oidc/`))
    expect(await examine('logto-discovery', on)).toMatchObject({ status: 'broken' })
  })

  it('discovery, http addresses at an https endpoint, names the settings of Logto behind a proxy', async () => {
    const http = endpoint.replace('https', 'http')
    const on = examination(document(`${http}/oidc`, http))
    expect(await examine('logto-discovery', on)).toMatchObject({
      status: 'broken',
      fix: expect.stringContaining(`TRUST_PROXY_HEADER=1 and ENDPOINT=${endpoint}`),
    })
  })

  it('discovery, another issuer, names both places to put it right', async () => {
    const on = examination(document('https://tenant.logto.app/oidc'))
    expect(await examine('logto-discovery', on)).toMatchObject({
      answer: 'issuer https://tenant.logto.app/oidc',
      fix: expect.stringContaining('Set LOGTO_ENDPOINT=https://tenant.logto.app,'),
    })
  })
})

describe('app', () => {
  const lead = (target: string) => () =>
    Response.redirect(
      `${target}/oidc/auth?client_id=the-app&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback`,
      303,
    )

  it('app, a page of its own with a 500, is broken and points to its log', async () => {
    const on = examination({ 'https://app.example/': () => new Response(mark, { status: 500 }) })
    expect(await examine('app', on)).toMatchObject({ status: 'broken', fix: expect.stringContaining('log') })
  })

  it.each([
    ['https://app.example/crm', 'Have a proxy in front of it pass /crm on as it is.'],
    ['https://app.example', 'or correct BASE_URL here.'],
  ])('app, a page of its own with a 404 at %s, is broken and says "%s"', async (BASE_URL, fix) => {
    const notFound = { [`${BASE_URL}/`]: () => new Response(mark, { status: 404 }) }
    const finding = await examine('app', examination(notFound, { settings: { BASE_URL } }))
    expect(finding).toMatchObject({ status: 'broken', fix: expect.stringMatching(`${fix}$`) })
  })

  it('app, a host with pages of its own, is known by an address of the package’s', async () => {
    const host: Answers = {
      'https://app.example/': () => new Response('<h1>Welcome to the host</h1>'),
      'https://app.example/sign-in': lead(endpoint),
    }
    const style = {
      'https://app.example/sso/assets/style.css': () => new Response('/* express-logto-sso: … */'),
    }
    expect(await examine('app', examination({ ...host, ...style }))).toMatchObject({ status: 'ok' })
    expect(await examine('app', examination(host))).toMatchObject({ status: 'broken' })
  })

  it.each([
    [
      'a 503 that is no page about Logto',
      () => new Response('Service Unavailable', { status: 503 }),
      { status: 'broken', answer: '503 “Service Unavailable”' },
    ],
    ['its own words that Logto is down', () => new Response(mark, { status: 503 }), { status: 'ok' }],
    ['a way to a Logto that is out of reach from here', lead(endpoint), { status: 'ok' }],
    ['a way to somebody else', lead(`${endpoint}.evil.example`), { status: 'broken' }],
  ])('app, whose way to sign in is %s, is judged by it', async (_what, signIn, finding) => {
    const app = { 'https://app.example/': () => new Response(mark), 'https://app.example/sign-in': signIn }
    expect(await examine('app', examination(app))).toMatchObject(finding)
  })
})

describe('sso-switch', () => {
  const url = `${endpoint}/api/.well-known/sign-in-exp`
  it.each([
    ['no JSON', () => new Response('<html>'), 'unknown'],
    [
      'a fault',
      () => Response.json({ singleSignOnEnabled: true, ssoConnectors: [] }, { status: 500 }),
      'unknown',
    ],
    ['something else', () => Response.json({ hello: 'world' }), 'unknown'],
    [
      'a connector whose ID is a path',
      () => Response.json({ singleSignOnEnabled: true, ssoConnectors: [{ id: '../x' }] }),
      'unknown',
    ],
    ['a sign-in experience', () => Response.json({ singleSignOnEnabled: true, ssoConnectors: [] }), 'ok'],
  ])('switch, $0, is $2', async (_what, answer, status) => {
    expect(await examine('sso-switch', examination({ [url]: answer }))).toMatchObject({ status })
  })
})

/** A server that says it is a Redis of this version, and answers a script with what it is told to. */
async function startOldRedis(version: string, reply: string) {
  const text = `redis_version:${version}\r\n`
  const server = createServer((socket) => {
    socket.on('error', () => {}) // the client leaves without a word
    socket.on('data', (data) => {
      for (const [, command = ''] of data.toString().matchAll(/\$\d+\r\n(HELLO|INFO|CLIENT|EVAL)\r\n/gi)) {
        if (/HELLO/i.test(command)) socket.write('%1\r\n$5\r\nproto\r\n:3\r\n')
        else if (/INFO/i.test(command)) socket.write(`$${text.length}\r\n${text}\r\n`)
        else if (/EVAL/i.test(command)) socket.write(`${reply}\r\n`)
        else socket.write('+OK\r\n')
      }
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
const lacking =
  '-ERR Error running script (call to f_1b): @user_script:3: @user_script: 3: Unknown Redis command called from Lua script '

describe('session-store', () => {
  /** What Redis says when it refuses, and what is to be done about it. */
  const refused: Record<string, [said: string, fix: string]> = {
    OOM: ['OOM', 'maxmemory'],
    NOREPLICAS: ['NOREPLICAS', 'min-replicas-to-write'],
    MISCONF: ['MISCONF', 'disk'],
    READONLY: ['READONLY', 'REPLICAOF NO ONE'],
    // Within a script it names no code.
    NOPERM: ['The user executing the script', 'ACL SETUSER'],
  }
  it.each([
    ['development', 'ok'],
    ['production', 'warning'],
  ])('sessions, in memory in %s, are %s', async (NODE_ENV, status) => {
    const settings = {
      ...{ NODE_ENV, SESSION_STORE: 'memory', LOGTO_WEBHOOK_SIGNING_KEY: 'none' },
      SESSION_SECRET: 'a-secret-for-tests-0123456789-abcdef',
    }
    expect(await examine('session-store', examination({}, { settings }))).toMatchObject({ status })
  })

  const sessionsIn = (REDIS_URL: string) =>
    examine('session-store', examination({}, { settings: { REDIS_URL } }))

  describe.skipIf(withoutRedis)('sessions', () => {
    const started: Array<{ close: () => Promise<unknown> }> = []
    const start = async <T extends { close: () => Promise<unknown> }>(starting: Promise<T>) => {
      started.push(await starting)
      return starting
    }
    afterEach(async () => {
      for (const each of started.splice(0)) await each.close()
    })

    it('in a Redis that answers, are well, and its version is told', async () => {
      const { url } = await start(startRedis())
      const answer = expect.stringMatching(/^version \d+\./)
      expect(await sessionsIn(url)).toMatchObject({ status: 'ok', answer })
    })

    it.each(redisRefusals)(
      'in a Redis that refuses writes with %s, are broken, with its fix',
      async (code, refuse) => {
        const redis = await start(startRedis())
        await refuse(redis)
        const [said = 'nothing known', fix = ''] = refused[code] ?? []
        expect(await sessionsIn(redis.url)).toMatchObject({
          status: 'broken',
          answer: expect.stringContaining(said),
          fix: expect.stringContaining(fix),
        })
      },
    )

    it('in a Redis that does not answer at all, are broken, and the doctor does not wait for it', async () => {
      const redis = await start(startRedis())
      redis.freeze()
      const fix = expect.stringContaining('Start Redis')
      expect(await sessionsIn(redis.url)).toMatchObject({ status: 'broken', fix })
    })

    it('in a cluster, are well where every primary serves, and else broken at the one that does not', async () => {
      const { url, primaries } = await start(startCluster())
      const [, full, gone] = primaries
      const well = { status: 'ok', answer: expect.stringContaining('3 primaries') }
      expect(await sessionsIn(url)).toMatchObject(well)
      await full?.command('CONFIG', 'SET', 'maxmemory', '1')
      const isFull = { status: 'broken', answer: expect.stringMatching(`^127.0.0.1:${full?.port}: OOM`) }
      expect(await sessionsIn(url)).toMatchObject(isFull)
      await full?.command('CONFIG', 'SET', 'maxmemory', '0')
      await gone?.command('CONFIG', 'SET', 'cluster-require-full-coverage', 'no')
      gone?.freeze()
      expect(await sessionsIn(url)).toMatchObject({
        status: 'broken',
        answer: expect.stringMatching(`127.0.0.1:${gone?.port}: `),
        fix: expect.stringContaining('cluster-announce-ip'),
      })
      expect(await sessionsIn(`${full?.url}/1`)).toMatchObject({
        status: 'broken',
        answer: expect.stringContaining('SELECT is not allowed'),
        fix: expect.stringContaining('number at the end of REDIS_URL'),
      })
    })

    it('in a Redis that tells nobody its version, are well', async () => {
      const redis = await start(startRedis())
      await redis.command('ACL', 'SETUSER', 'app', 'on', '>pass', '+@all', '-info', '~sso:*')
      expect(await sessionsIn(redis.url.replace('//', '//app:pass@'))).toMatchObject({ status: 'ok' })
    })
  })

  it.each([
    ['6.0.16', lacking, 'broken'],
    ['5.0.7', lacking, 'broken'],
    ['6.2.0', '$0\r\n', 'ok'],
    ['10.1.0', '$0\r\n', 'ok'],
  ])('sessions, in a Redis of version $0, are $2', async (version, reply, status) => {
    const old = await startOldRedis(version, reply)
    try {
      const answer = expect.stringContaining(`version ${version}`)
      expect(await sessionsIn(old.url)).toMatchObject({ status, answer })
    } finally {
      old.close()
    }
  })

  it('sessions, in a Redis that is not there, are broken, with the setting to fix and no password', async () => {
    const [port] = await freePorts(1)
    const finding = await sessionsIn(`redis://:the-password@localhost:${port}`)
    expect(finding).toMatchObject({ status: 'broken', fix: expect.stringContaining('REDIS_URL') })
    expect(JSON.stringify(finding)).not.toContain('the-password')
  })
})

describe('reach-back', () => {
  const names = {
    'public.example': ['93.184.216.34', '2606:2800:220:1::1'],
    'private.example': ['93.184.216.34', '10.1.2.3'],
    'ula.example': ['fd12::1'],
    'mapped.example': ['::ffff:192.168.0.1'],
    'loop.example': ['127.0.0.1'],
  }
  it.each([
    ['http://localhost:3000', 'warning', 'loopback'],
    ['http://app.localhost:3000', 'warning', 'loopback'],
    ['http://127.8.9.10:3000', 'warning', 'loopback'],
    ['http://[::1]:3000', 'warning', 'loopback'],
    ['https://loop.example', 'warning', 'loopback'],
    ['https://10.0.0.1', 'warning', 'private'],
    ['https://172.16.0.1', 'warning', 'private'],
    ['https://172.32.0.1', 'ok', 'public'],
    ['https://192.168.1.1', 'warning', 'private'],
    ['https://169.254.1.1', 'warning', 'private'],
    ['https://100.64.0.1', 'warning', 'private'],
    ['https://[fe80::1]', 'warning', 'private'],
    ['https://private.example', 'warning', 'private'],
    ['https://ula.example', 'warning', 'private'],
    ['https://mapped.example', 'warning', 'private'],
    ['https://nobody.example', 'warning', 'no address'],
    ['https://public.example', 'ok', 'public'],
    ['https://8.8.8.8', 'ok', 'public'],
    ['https://[2606:4700::1]', 'ok', 'public'],
  ])('the app, at %s, is a matter of %s', async (BASE_URL, status, words) => {
    const on = examination({}, { settings: { BASE_URL }, names })
    expect(await examine('reach-back', on)).toMatchObject({ status, answer: expect.stringContaining(words) })
  })

  it.each([
    ['https://tenant.logto.app', 'Logto Cloud never calls'],
    ['https://tenant.logto.app.example', 'A self-hosted Logto sends its webhooks'],
  ])('the app on loopback, Logto at %s, says what it does', async (LOGTO_ENDPOINT, words) => {
    const on = examination({}, { settings: { BASE_URL: 'http://localhost:3000', LOGTO_ENDPOINT } })
    expect(await examine('reach-back', on)).toMatchObject({ meaning: expect.stringContaining(words) })
  })
})

describe('cookies', () => {
  const withCookies = (BASE_URL: string, cookies: string[], settings: Record<string, string> = {}) => {
    const headers = new Headers({ location: endpoint })
    for (const cookie of cookies) headers.append('set-cookie', cookie)
    return examine(
      'cookies',
      examination(
        { [`${BASE_URL}/sign-in`]: () => new Response(null, { status: 303, headers }) },
        {
          settings: { BASE_URL, ...settings },
          names: { 'app.example': ['93.184.216.34'], 'intra.example': ['10.0.0.1'] },
        },
      ),
    )
  }
  const proxied = { TRUST_PROXY: '1' }

  it.each([
    ['https://app.example', '__Host-attempt.1=v; Path=/; Secure', proxied, 'ok'],
    ['https://app.example', '__Host-attempt.1=v; Path=/; Secure', {}, 'warning'],
    ['https://app.example', 'attempt.1=v; Path=/', proxied, 'broken'],
    ['https://app.example', '__Host-attempt.1=v; Path=/', proxied, 'broken'],
    ['https://app.example', '__Host-attempt.1=v; Path=/app; Secure', proxied, 'broken'],
    ['https://app.example', '__Host-attempt.1=v; Path=/; Secure; Domain=app.example', proxied, 'broken'],
    ['https://app.example', '__Secure-attempt.1=v; Path=/app; Secure', proxied, 'broken'],
    ['https://app.example/app', '__Secure-attempt.1=v; Path=/app; Secure', proxied, 'ok'],
    ['https://app.example/app', 'attempt.1=v; Path=/ap; Secure', proxied, 'broken'],
    ['https://app.example/app', 'attempt.1=v; Path=/app/; Secure', proxied, 'ok'],
    ['https://app.example', 'attempt.1=v; Secure', proxied, 'broken'],
    ['http://localhost:3000', 'attempt.1=v; Path=/', {}, 'ok'],
    ['http://localhost:3000', 'attempt.1=v; Path=/; Secure', {}, 'ok'],
    ['http://localhost:3000', '__Host-attempt.1=v; Path=/', {}, 'broken'],
    ['http://intra.example', 'attempt.1=v; Path=/', {}, 'ok'],
    ['http://intra.example', 'attempt.1=v; Path=/; Secure', {}, 'broken'],
    ['http://app.example', 'attempt.1=v; Path=/', {}, 'warning'],
  ])('cookies at %s, %s, with %o, are %s', async (baseUrl, cookie, settings, status) => {
    expect(await withCookies(baseUrl, [cookie], settings)).toMatchObject({ status })
  })

  it('cookies, one of several misfits, are broken', async () => {
    const cookies = ['attempt.1=v; Path=/', 'attempt.2=v; Path=/sign-in']
    expect(await withCookies('http://localhost:3000', cookies)).toMatchObject({ status: 'broken' })
  })

  it('cookies, shown, have neither value nor the name of the attempt', async () => {
    const finding = await withCookies('http://localhost:3000', ['attempt.abc123=hidden; Path=/'])
    expect(finding).toMatchObject({ answer: 'attempt.… Path=/' })
  })
})

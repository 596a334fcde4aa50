import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readOptions } from '../../src/cli/options/doctor-options.ts'
import { UsageError } from '../../src/cli/options/option-faults.ts'
import { progressOn } from '../../src/cli/terminal/progress.ts'
import { textOf } from '../../src/doctor/ask.ts'
import type { Check, Finding, Result } from '../../src/doctor/check.ts'
import { Examination } from '../../src/doctor/examination.ts'
import { showUrl } from '../../src/doctor/findings/show-url.ts'
import { jsonReport } from '../../src/doctor/json-report.ts'
import { runChecks } from '../../src/doctor/run.ts'
import { CookieJar } from '../../src/doctor/steps/cookie-jar.ts'
import { textReport } from '../../src/doctor/text-report.ts'
import { networkFault } from '../../src/http-client/network-fault.ts'
import { Secrets } from '../../src/provision/secrets.ts'
import { LogtoUnreachableError } from '../../src/sso/logto/logto-requester.ts'
import { inEach, textIn } from '../../src/words/phrase.ts'

describe('calls without an answer', () => {
  const failed = (code: string) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) })
  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'not known to DNS'],
    ['EAI_AGAIN', 'not known to DNS'],
    ['CERT_HAS_EXPIRED', 'certificate has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate is for another host name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'signed by nobody'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'signed by nobody'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS'],
    ['ECONNRESET', 'closed before an answer'],
    ['EHOSTUNREACH', 'no way from here'],
    ['UND_ERR_CONNECT_TIMEOUT', 'no answer in time'],
    ['AnswerTooLongError', 'more than a megabyte'],
    ['E_STRANGE', 'E_STRANGE'],
  ])('network, %s, has words and a fix', (code, words) => {
    const fault = networkFault(new LogtoUnreachableError('x', { cause: failed(code) }))
    expect(String(fault.words)).toContain(words)
    expect(String(fault.fix)).not.toBe('')
  })

  it('network, a host with several addresses, gives the reason of them', () => {
    const each = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const fault = networkFault(new TypeError('fetch failed', { cause: new AggregateError([each, each]) }))
    expect(String(fault.words)).toContain('connection refused')
  })

  it('network, a limit that ran out, is no answer in time', () => {
    const cause = new DOMException('x', 'TimeoutError')
    expect(networkFault(new LogtoUnreachableError('x', { cause })).words).toMatchObject({
      en: 'no answer in time',
    })
  })
})

describe('a page in an answer', () => {
  it('its text, is what is shown of it', () => {
    const text = textOf({
      text: '<head><title>x</title></head><body class="a"><script>let a</script><SCRIPT src=b></SCRIPT>a &lt;b&gt;<p>c',
    })
    expect(text.replace(/\s+/g, ' ').trim()).toBe('a <b> c')
  })

  // Quadratic work would take minutes.
  it.each([
    ...['<', '<form', '<script', '<style ', '<head>', '<script></script'],
    ...['&', '&lt', ' ', '"', 'redirect uri '],
  ])('its text, of a megabyte of %j, is there', (part) => {
    const text = part.repeat(1_000_000 / part.length)
    expect(textOf({ text })).toBeTypeOf('string')
  })
})

describe('what is never shown', () => {
  it('secrets, in every spelling, are cut', () => {
    const secrets = new Secrets()
    secrets.addClient('the id', 'se cret+&%ü')
    for (const text of [
      'se cret+&%ü',
      encodeURIComponent('se cret+&%ü'),
      'se+cret%2B%26%25%C3%BC',
      Buffer.from('the id:se cret+&%ü').toString('base64'),
      Buffer.from('the+id:se+cret%2B%26%25%C3%BC').toString('base64'),
    ]) {
      expect(secrets.cutFrom(`a ${text} b`)).toBe('a … b')
    }
    secrets.add('se"cret\\')
    expect(secrets.cutFrom(JSON.stringify({ a: 'se"cret\\' }))).toBe('{"a":"…"}')
  })

  it('secrets, one within another, are cut whole', () => {
    const secrets = new Secrets()
    secrets.add('01234567', '0123456789')
    expect(secrets.cutFrom('0123456789')).toBe('…')
  })

  it('secrets, short ones, are cut from foreign words and not from ours', () => {
    const secrets = new Secrets()
    secrets.add('the', undefined, '')
    expect(secrets.cutFrom('the answer')).toBe('the answer')
    expect(secrets.quote('the answer')).toBe('… answer')
  })

  it('quotations, long ones of several lines, are cut to one of 200 characters', () => {
    const quoted = new Secrets().quote(`a\n\u001b[31m b\t${'x'.repeat(500)}`)
    expect(quoted).toMatch(/^a \\u001b\[31m b x+…$/)
    expect(quoted).toHaveLength(200)
  })

  it.each([
    [
      'https://a.example/p?client_id=1&state=s&nonce=n&code=c&scope=openid',
      'https://a.example/p?client_id=1&scope=openid',
    ],
    ['https://user:pass@a.example/#secret', 'https://a.example/'],
    ['https://a.example', 'https://a.example'],
    ['/sign-in?client_secret=x', 'https://base.example/sign-in'],
    ['/p?scope=a%0Aok%1B', 'https://base.example/p?scope=a\\u000aok\\u001b'],
    ['javascript:alert(1)', 'a javascript: address'],
    ['http://[', 'an address that cannot be read'],
  ])('address, %s, is shown as %s', (url, shown) => {
    expect(textIn(showUrl(url, 'https://base.example/'), 'en')).toBe(shown)
  })
})

describe('the cookies of an interaction', () => {
  const answer = (...cookies: string[]) => {
    const headers = new Headers()
    for (const cookie of cookies) headers.append('set-cookie', cookie)
    return new Response(null, { headers })
  }

  it('cookies, by path, go only where they belong', () => {
    const jar = new CookieJar()
    jar.keep(answer('a=1; Path=/', 'b=%202; Path=/oidc/auth/x', 'c=3'), 'https://l.example/oidc/auth')
    expect(jar.headerFor('https://l.example/api/experience')).toBe('a=1')
    expect(jar.headerFor('https://l.example/oidc/auth/x/y')).toBe('b=%202; c=3; a=1')
    expect(jar.headerFor('https://l.example/oidc/authority')).toBe('c=3; a=1')
    expect(jar.headerFor('https://l.example/oidcs')).toBe('a=1')
  })

  it('cookies, taken back or given anew, are gone or new', () => {
    const jar = new CookieJar()
    jar.keep(answer('a=1; Path=/', 'b=1; Path=/', 'c=1; Path=/'), 'https://l.example/')
    jar.keep(answer('a=2; Path=/', 'b=; Path=/; Max-Age=0'), 'https://l.example/')
    jar.keep(answer('c=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'), 'https://l.example/')
    expect(jar.headerFor('https://l.example/')).toBe('a=2')
  })
})

describe('the runner', () => {
  const on = new Examination({}, { fetch, now: Date.now, lookup: async () => [] })
  const ok: Finding = { status: 'ok', tried: 't', answer: 'a' }
  const link = (id: string, needs: string[], finding: Finding | Error): Check => ({
    id,
    title: inEach(id.toUpperCase()),
    needs,
    examine: async () => {
      if (finding instanceof Error) throw finding
      return finding
    },
  })
  const run = async (checks: Check[]) => (await runChecks(checks, on, () => {}))('en')
  const statuses = (results: Result[]) => results.map(({ id, status, because }) => [id, status, because])

  it('runner, a broken link, leaves alone what needs it, however far behind, and nothing else', async () => {
    const broken: Finding = { ...ok, status: 'broken' }
    const shown: string[] = []
    const checks = [link('a', [], broken), link('b', ['a'], ok), link('c', ['b'], ok), link('d', [], ok)]
    const results = (await runChecks(checks, on, (title) => shown.push(textIn(title, 'en'))))('en')
    expect(statuses(results)).toEqual([
      ['a', 'broken', undefined],
      ['b', 'skipped', 'because of a'],
      ['c', 'skipped', 'because of a'],
      ['d', 'ok', undefined],
    ])
    expect(shown).toEqual(['A', 'D'])
  })

  it.each([
    ['warning', undefined, 'ok'],
    ['unknown', undefined, 'ok'],
    ['unknown', true, 'skipped'],
    ['broken', undefined, 'skipped'],
    ['broken', false, 'ok'],
  ] as const)('runner, a link that is %s with blocks %s, makes the next %s', async (status, blocks, next) => {
    const first: Finding = { ...ok, status, ...(blocks !== undefined && { blocks }) }
    const [found, behind] = await run([link('a', [], first), link('b', ['a'], ok)])
    expect(behind?.status).toBe(next)
    expect(found).not.toHaveProperty('blocks')
  })

  it('runner, a check that fails itself, is unknown and shows nothing of the error', async () => {
    const results = await run([link('a', [], new RangeError('holds a secret')), link('b', ['a'], ok)])
    expect(statuses(results)).toEqual([
      ['a', 'unknown', undefined],
      ['b', 'ok', undefined],
    ])
    expect(JSON.stringify(results)).not.toContain('holds a secret')
    expect(results[0]?.answer).toContain('RangeError')
  })

  it('runner, a secret in any part, is cut', async () => {
    const secret = '0123456789'
    on.secrets.add(secret)
    const leaky = { status: 'broken', tried: secret, answer: secret, meaning: secret, fix: secret } as const
    expect(JSON.stringify(await run([link('a', [], leaky)]))).not.toContain(secret)
  })
})

describe('the reports', () => {
  const results: Result[] = [
    { id: 'one', title: 'One', status: 'ok', tried: 't1', answer: 'a1' },
    {
      ...{ id: 'two', title: 'Two', status: 'broken', tried: 't2', answer: 'a2' },
      ...{ meaning: 'm2', fix: 'first\nsecond' },
    },
    { id: 'three', title: 'Three', status: 'skipped', tried: '', answer: '', because: 'because of two' },
    { id: 'four', title: 'Four', status: 'warning', tried: 't4', answer: 'a4', meaning: 'm4' },
    { id: 'five', title: 'Five', status: 'unknown', tried: 't5', answer: 'a5' },
  ]

  it('text, one of each kind, says what is needed of each', () => {
    expect(textReport(results, { colours: false })).toBe(
      `ok       One (one): a1
BROKEN   Two (two)
         tried   t2
         answer  a2
         meaning m2
         fix     first
                 second
-        Three (three): not tried, because of two
warning  Four (four)
         tried   t4
         answer  a4
         meaning m4
unknown  Five (five)
         tried   t5
         answer  a5

Broken: two. 1 ok, 1 warning, 1 unknown, 1 not tried.
`,
    )
  })

  it('text, nothing broken and something unknown, does not say that all is well', () => {
    const text = textReport([...results.slice(0, 1), ...results.slice(4)], { colours: false })
    expect(text).toMatch(/\nNot everything could be checked: five\. 1 ok, 1 unknown\.\n$/)
  })

  it('text, not tried for what a company is called, shows it in its line', () => {
    const because = 'for “a\nok  all is well\u001b”'
    const skipped = { id: 'x', title: 'X', status: 'skipped', tried: '', answer: '', because } as const
    expect(textReport([skipped], { colours: false })).toContain(
      'X (x): not tried, for “a\\u000aok  all is well\\u001b”\n',
    )
  })

  it('text, nothing broken, says so', () => {
    expect(textReport(results.slice(0, 1), { colours: false })).toMatch(/\nNothing is broken\. 1 ok\.\n$/)
  })

  it('text, in colours, has them on the marks and is otherwise the same', () => {
    const coloured = textReport(results, { colours: true })
    expect(coloured).toContain('\u001b[31mBROKEN')
    expect(stripVTControlCharacters(coloured)).toBe(textReport(results, { colours: false }))
  })

  it('json, one of each kind, has the verdict, the IDs and everything', () => {
    expect(JSON.parse(jsonReport(results))).toEqual({
      ok: false,
      broken: ['two'],
      unknown: ['five'],
      warnings: ['four'],
      results,
    })
    expect(JSON.parse(jsonReport(results.slice(0, 1)))).toMatchObject({ ok: true, broken: [] })
    expect(JSON.parse(jsonReport(results.slice(4)))).toMatchObject({ ok: false, unknown: ['five'] })
  })

  it('progress, a terminal, is one line that is taken away again', () => {
    const written: string[] = []
    const progress = progressOn({ isTTY: true, columns: 12, write: (text) => written.push(text) })
    progress.show('A long title of a link')
    progress.end()
    expect(written).toEqual(['\r\u001b[2K… A long ti', '\r\u001b[2K'])
  })

  it('progress, no terminal, is nothing', () => {
    const written: string[] = []
    const progress = progressOn({ write: (text) => written.push(text) })
    progress.show('A link')
    progress.end()
    expect(written).toEqual([])
  })
})

describe('the command line', () => {
  it('options, none, are all off', () => {
    expect(readOptions([])).toEqual({ email: undefined, envFile: '.env', json: false, help: false })
  })
  it('options, all, are on', () => {
    expect(readOptions(['--email', 'a@b.example', '--env-file', 'new.env', '--json', '-h'])).toEqual({
      email: 'a@b.example',
      envFile: 'new.env',
      json: true,
      help: true,
    })
  })
  it.each([['--unknown'], ['positional'], ['--email'], ['--email', 'nobody'], ['--email='], ['--json=yes']])(
    'options, %s %s, are refused',
    (...args) => {
      expect(() => readOptions(args.filter((arg) => arg !== undefined))).toThrow(UsageError)
    },
  )
})

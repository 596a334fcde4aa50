import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { contender as bare } from './contenders/bare.ts'
import { anotherSession } from './memory/another-session.ts'
import { readOptions } from './options.ts'
import { selfTimes } from './profile/self-times.ts'

const rows = ['home', 'callback']

describe('the options', () => {
  it('options, none, measure everything in full', () => {
    const nothing = { help: false, short: false, only: [], writeReadme: false, profile: undefined }
    expect(readOptions([], rows)).toEqual(nothing)
  })

  it('only, several rows, takes them from a list and from repetition', () => {
    expect(readOptions(['--only', 'home,callback'], rows).only).toEqual(rows)
    expect(readOptions(['--only', 'home', '--only', 'callback'], rows).only).toEqual(rows)
  })

  it.each([
    [['--only', 'nothing'], 'There is no row nothing. Rows: home, callback.'],
    [['--profile', 'nobody'], 'There is no contender nobody. Contenders: bare, '],
    [['--fast'], "Unknown option '--fast'"],
  ])('options, %j, are refused in words', (args, words) => {
    expect(() => readOptions(args, rows)).toThrow(words)
  })
})

// The peers are given the demo's own view, which is written for the demo.
describe('the page that all contenders show', () => {
  it.each([
    ['a stranger', '', 'data-signed-in="false"'],
    ['somebody signed in', 'session=1', 'data-signed-in="true"'],
  ])('view of the demo, for %s, has all that it needs', async (_who, cookie, hook) => {
    const logto = { endpoint: 'http://localhost:1', appId: 'app', appSecret: 'secret' }
    const app = await bare({ baseUrl: 'http://localhost:2', page: 'demo', logto })
    const { status, text } = await supertest(app).get('/').set('Cookie', cookie)
    expect([status, text]).toEqual([200, expect.stringContaining(hook)])
  })
})

describe('a session like another', () => {
  const claims = {
    sub: 'c74b8wrls4hy',
    name: 'Erin Moore',
    sid: 'GoerQhMBwJiJ2pJ7JaB9lvT_gNUaw8P4wligsSuJr5r',
  }
  const session = {
    logto: { refreshToken: 'r'.repeat(43) },
    claims,
    from: { browser: 'Firefox' },
  }
  const row = JSON.stringify(session)

  it('session, made anew, has the size and shape and none of the secrets', () => {
    const other = anotherSession(row)
    expect(other).toHaveLength(row.length)
    const made = JSON.parse(other) as typeof session
    expect(made).toEqual({
      logto: { refreshToken: expect.any(String) },
      claims: { ...claims, sub: expect.any(String), sid: expect.any(String) },
      from: session.from,
    })
    expect(made.claims.sub).not.toBe(claims.sub)
    expect(made.claims.sid).not.toBe(claims.sid)
    expect(made.logto.refreshToken).not.toBe(session.logto.refreshToken)
  })

  it('sessions, two, differ', () => {
    expect(anotherSession(row)).not.toBe(anotherSession(row))
  })
})

describe('self times', () => {
  const node = (id: number, functionName: string, url = '', children: number[] = []) => ({
    id,
    callFrame: { functionName, url, scriptId: '1', lineNumber: 9, columnNumber: 0 },
    children,
  })
  const ejs = 'file:///house/node_modules/ejs/lib/ejs.js'
  const profile = {
    nodes: [
      node(0, '(root)', '', [1, 3, 6]),
      node(1, '(idle)'),
      node(2, 'render', ejs, [5]),
      node(3, 'home', 'file:///house/dist/pages/home.js', [2, 4]),
      node(4, 'writeHead', 'node:_http_server'),
      node(5, 'replace'),
      node(6, '(garbage collector)'),
    ],
    startTime: 0,
    endTime: 200,
    samples: [1, 2, 3, 4, 5, 6, 2, 1],
    timeDeltas: [100, 20, 30, 10, 15, 5, 20, 100],
  }

  it('profile, with idling, counts work alone, the most first', () => {
    expect(selfTimes(profile).functions).toEqual([
      { name: 'render (ejs ejs.js:10)', share: 0.4 },
      { name: 'home (dist/pages home.js:10)', share: 0.3 },
      { name: 'replace', share: 0.15 },
      { name: 'writeHead (node:_http_server:10)', share: 0.1 },
      { name: '(garbage collector)', share: 0.05 },
    ])
  })

  it('profile, work of Node.js, counts for the package that asked for it', () => {
    expect(selfTimes(profile).packages).toEqual([
      { name: 'ejs', share: 0.55 },
      { name: 'dist/pages', share: 0.4 },
      { name: '(garbage collector)', share: 0.05 },
    ])
  })
})

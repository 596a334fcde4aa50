import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs code as a process of its own that has `logger` and says its last words. */
async function run(code: string) {
  const script = `
    import { pino } from 'pino'
    import { endOnUnexpectedError } from './src/cli/process/unexpected-error.ts'
    const logger = pino()
    endOnUnexpectedError(logger)
    setTimeout(() => process.exit(7), 30_000)
    ${code}`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    env: { PATH: process.env.PATH },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const [status] = await once(child, 'close')
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { status, stderr, lines, output: stdout + stderr }
}

describe('an unexpected error outside of every request', () => {
  it.each([
    ['thrown later', "setImmediate(() => { throw new Error('boom') })", 'exception'],
    ['rejected and not handled', "Promise.reject(new Error('boom'))", 'rejection'],
    ['thrown in an event', "process.nextTick(() => { throw new Error('boom') })", 'exception'],
  ])('error, %s, is one fatal line and ends the process with 1', async (_, code, origin) => {
    const { status, lines, stderr } = await run(code)
    expect(status).toBe(1)
    expect(stderr).toBe('')
    expect(lines).toEqual([
      expect.objectContaining({
        level: 60,
        reference: expect.stringMatching(/^[0-9a-f]{10}$/),
        origin,
        err: expect.objectContaining({ name: 'Error', message: 'boom', stack: expect.any(String) }),
      }),
    ])
  })

  it.each([
    ['a rejection with a string', "Promise.reject('secret')"],
    ['a string thrown', "setImmediate(() => { throw 'secret' })"],
    ['an error with a payload', "Promise.reject(Object.assign(new Error('x'), { token: 'secret' }))"],
  ])('error, %s, does not tell the value', async (_, code) => {
    const { status, lines, output } = await run(code)
    expect(status).toBe(1)
    expect(lines).toHaveLength(1)
    expect(output).not.toContain('secret')
  })

  it('error, many lines before it, are all written', async () => {
    const { status, lines } = await run(`
      for (let n = 0; n < 5000; n++) logger.info({ n }, 'a line that is as long as lines are')
      throw new Error('boom')`)
    expect(status).toBe(1)
    expect(lines).toHaveLength(5001)
    expect(lines.at(-1)).toMatchObject({ level: 60 })
  })

  it('error, a second one meanwhile, changes nothing', async () => {
    const { status, lines } = await run("Promise.reject(new Error('a')); throw new Error('b')")
    expect(status).toBe(1)
    expect(lines).toHaveLength(1)
  })
})

describe('an error while a request is answered', () => {
  /** Two requests to an app that calls Logto in this way; the process ends with 0 after both. */
  const twoRequests = (callLogto: string) => `
    import { once } from 'node:events'
    import { createServer } from 'node:http'
    import { createApp } from './src/demo/app.ts'
    import { loadConfig, singleSignOn } from './src/sso/index.ts'
    const logto = { endpoint: 'https://logto.test', appId: 'id', appSecret: 'secret' }
    const config = { ...loadConfig({ BASE_URL: 'http://127.0.0.1' }), logto }
    const sso = await singleSignOn(config, { logger, fetch: ${callLogto}, errors: 'all' })
    const server = createServer(createApp(config, { sso }))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = 'http://127.0.0.1:' + server.address().port
    await fetch(url + '/sign-in', { redirect: 'manual' })
    await fetch(url + '/')
    process.exit(0)`

  it.each([
    ['thrown', "() => { throw new Error('boom') }"],
    ['rejected', "async () => { throw new Error('boom') }"],
  ])('error, %s in it, is its own affair', async (_, callLogto) => {
    const { status, lines } = await run(twoRequests(callLogto))
    expect(lines.map(({ level, res }) => [level, res.status])).toEqual([
      [50, 503],
      [30, 200],
    ])
    expect(status).toBe(0)
  })

  it('error, thrown in a callback nobody waits for, ends the process', async () => {
    const later = "() => new Promise(() => { setImmediate(() => { throw new Error('boom') }) })"
    const { status, lines } = await run(twoRequests(later))
    expect(status).toBe(1)
    expect(lines).toEqual([
      expect.objectContaining({ level: 60, err: expect.objectContaining({ message: 'boom' }) }),
    ])
  })
})

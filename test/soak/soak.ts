import { setTimeout as pause } from 'node:timers/promises'
import { setStage } from '../faults/stage.ts'
import { withoutRedis } from '../support/redis-server.ts'
import { browse, type Tally } from './browser.ts'
import { hire } from './people.ts'

/** How many browsers, and for how long. Bounded, whatever is asked for. */
const browsers = Math.min(Number(process.argv[2] ?? 200), 500)
const seconds = Math.min(Number(process.argv[3] ?? 60), 600)

if (withoutRedis) throw new Error('npm run soak needs redis-server')
const tally: Tally = {
  pages: 0,
  signIns: 0,
  signOuts: 0,
  cut: 0,
  errorPages: [],
  strangers: [],
  forgotten: [],
}
const stage = await setStage({ RATE_LIMIT: '0' })
try {
  const { url, sandbox } = stage
  sandbox.control.shortenTokens(3)
  const people = hire(sandbox, browsers)
  const end = Date.now() + seconds * 1000
  const working = Promise.all(
    people.map((person) =>
      browse({ url, password: sandbox.password }, person, () => Date.now() > end, tally),
    ),
  )
  await pause(seconds * 400)
  await stage.processes[0]?.kill()
  await pause(2000)
  await stage.restart(0)
  await working
  const renewals = sandbox.control.tokenRequests.filter(
    ({ grantType }) => grantType === 'refresh_token',
  ).length
  const left = await stage.sessions()
  const faults = stage.logs().filter(({ level }) => Number(level) >= 50)
  const must = {
    'error pages': tally.errorPages,
    'pages with somebody else’s name': tally.strangers,
    'pages that took somebody signed in for a stranger': tally.forgotten,
    'sessions left behind': left,
    'errors in the log': faults.map((line) => JSON.stringify(line)),
  }
  const { pages, signIns, signOuts, cut } = tally
  process.stdout.write(
    `${browsers} browsers, ${seconds} s, two processes, one of them killed on the way\n` +
      Object.entries({
        'sign-ins': signIns,
        pages,
        renewals,
        'sign-outs': signOuts,
        'requests cut by the kill': cut,
      })
        .map(([what, count]) => `${String(count).padStart(8)}  ${what}\n`)
        .join('') +
      Object.entries(must)
        .map(
          ([what, found]) =>
            `${String(found.length).padStart(8)}  ${what}\n${found
              .slice(0, 3)
              .map((line) => `          ${line}\n`)
              .join('')}`,
        )
        .join(''),
  )
  process.exitCode = Object.values(must).some(({ length }) => length > 0) ? 1 : 0
} finally {
  await stage.close()
}

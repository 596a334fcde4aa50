import { QuickBrowser } from './quick-browser.ts'

export interface Exchanging {
  /** The contender. */
  baseUrl: string
  signInPath: string
  /** Words on the home page of whoever is signed in. */
  signedIn: string[]
  /** How many callbacks are under way at once. */
  connections: number
  /** How long callbacks are measured; the way to them does not count. */
  seconds: number
}

/** Sign-ins that are brought to the door of `/callback` before the clock starts. */
const batchSize = 256

/**
 * Signs one new browser after the other in at an issuer that asks nothing. Measured is the callback alone: from the
 * request with the code to the redirect home, with the exchange, the verification and the new session between.
 *
 * @returns callbacks a second
 * @throws Error when a single browser is not signed in afterwards
 */
export async function exchange(exchanging: Exchanging): Promise<number> {
  const { baseUrl, connections, seconds } = exchanging
  let done = 0
  let milliseconds = 0
  while (milliseconds < seconds * 1000) {
    const batch = await mapAtOnce(connections, Array(batchSize).fill(exchanging), beginSignIn)
    const start = performance.now()
    const answers = await mapAtOnce(connections, batch, ({ browser, callback }) => browser.get(callback))
    milliseconds += performance.now() - start
    done += batch.length
    for (const { status, location, body } of answers) {
      const home = URL.canParse(location, baseUrl) ? new URL(location, baseUrl).href : ''
      if (![302, 303].includes(status) || home !== `${baseUrl}/`) {
        throw new Error(`${baseUrl}: a callback answered ${status} ${location} ${body.slice(0, 500)}`)
      }
    }
    await mapAtOnce(connections, batch, ({ browser }) => assertSignedIn(browser, exchanging))
  }
  return done / (milliseconds / 1000)
}

async function beginSignIn({ baseUrl, signInPath }: Exchanging) {
  const browser = new QuickBrowser()
  const begun = await browser.get(baseUrl + signInPath)
  // The issuer's cookies would be its own; it sets none.
  const allowed = await browser.get(begun.location)
  if (!allowed.location.startsWith(baseUrl)) {
    throw new Error(`${begun.location}: ${allowed.status} ${allowed.location} ${allowed.body.slice(0, 500)}`)
  }
  return { browser, callback: allowed.location }
}

async function assertSignedIn(browser: QuickBrowser, { baseUrl, signedIn }: Exchanging): Promise<void> {
  const { status, body } = await browser.get(`${baseUrl}/`)
  if (status !== 200 || !signedIn.every((words) => body.includes(words))) {
    throw new Error(`${baseUrl}: not signed in after a callback: ${status} ${body.slice(0, 500)}`)
  }
}

/** Maps a list with so many of its entries under way at once. */
async function mapAtOnce<T, R>(count: number, list: T[], map: (entry: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const entries = list.entries()
  const work = async () => {
    for (const [index, entry] of entries) results[index] = await map(entry)
  }
  await Promise.all(Array.from({ length: count }, work))
  return results
}

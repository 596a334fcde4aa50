import type { Bench, Running } from '../bench.ts'
import type { Shot } from '../load/hammer.ts'

/** The words on the page of the person who signs in at the sandbox. */
const signedInWords = ['data-signed-in="true"', 'Erin Moore', 'employee@acme.example', '</html>']
const anonymousWords = ['data-signed-in="false"', '</html>']

/** The home page of somebody who has just signed in there. */
export async function signedInHome(bench: Bench, running: Running): Promise<Shot> {
  const sandbox = await bench.sandbox()
  return homeShot(running, { cookie: await sandbox.signIn(running) }, signedInWords)
}

/** The home page of a stranger. */
export function anonymousHome(running: Running): Promise<Shot> {
  return homeShot(running, {}, anonymousWords)
}

/** Looks at the page once; from then on every answer must be the same to the letter. */
async function homeShot(
  { baseUrl, name }: Running,
  cookies: { cookie?: string },
  words: string[],
): Promise<Shot> {
  const url = `${baseUrl}/`
  const headers = { accept: 'text/html', ...cookies }
  const text = await (await fetch(url, { headers })).text()
  const missing = words.filter((word) => !text.includes(word))
  if (missing.length > 0) throw new Error(`${name}: “${missing.join('”, “')}” is not on its page: ${text}`)
  return { url, headers, expected: { status: 200, text } }
}

/** @throws Error unless all contenders show the same page, their own addresses aside */
export function assertSamePage(shots: readonly Shot[]): void {
  const pages = shots.map(({ url, expected }) => String(expected.text).replaceAll(new URL(url).origin, ''))
  const other = pages.findIndex((page) => page !== pages[0])
  if (other > 0) throw new Error(`two contenders show different pages:\n${pages[0]}\n${pages[other]}`)
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Chromium on this machine: at `CHROME_PATH`, or where systems usually keep it. */
export const chromePath = process.env.CHROME_PATH ?? usualPaths.find((path) => existsSync(path))

/**
 * Whether browser tests can run. Without a browser they are skipped, and it is said so; under CI that is an error.
 *
 * @throws Error when `CI` is set and there is no browser
 */
export function browserFound(): boolean {
  if (chromePath && existsSync(chromePath)) return true
  const advice = 'install Chromium, or set CHROME_PATH to where it is'
  if (process.env.CI) throw new Error(`No browser found, and CI is set: ${advice}.`)
  process.stderr.write(`\n*** BROWSER TESTS SKIPPED: no browser found; ${advice}. ***\n\n`)
  return false
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromePath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** The browser's own remark on an answer of 400 or more, which is judged by what was asked for. */
const refused = 'Failed to load resource: the server responded with a status of '

/**
 * Collects what a page should never do: print errors, lack a part of itself, or ask a host other than localhost. An
 * error page, or an error that a script asked for, is no problem by itself.
 */
export function watch(context: BrowserContext): { problems: string[] } {
  const problems: string[] = []
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      if (message.text().startsWith(refused)) return
      problems.push(`console ${message.type()} on ${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => problems.push(`error on ${page.url()}: ${error.message}`))
  })
  context.on('request', (request) => {
    if (new URL(request.url()).hostname !== 'localhost') problems.push(`request to ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() < 400 || ['document', 'fetch'].includes(response.request().resourceType())) return
    problems.push(`answer ${response.status()} from ${response.url()}`)
  })
  return { problems }
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong with a page, a line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: Array<{ id: string; help: string; nodes: Array<{ html: string }> }>
        }>
      }
    }
    const { violations } = await axe.run()
    return violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
    )
  })
}

import { fileURLToPath } from 'node:url'
import { chromePath, launchBrowser } from '../support/browser.ts'
import { startStack } from '../support/stack.ts'

/** Takes the pictures of the README from the running sandbox: small PNGs beside this file. */
if (!chromePath) throw new Error('npm run screenshots needs Chromium: install it, or set CHROME_PATH')
const email = 'employee@acme.example'
const stack = await startStack()
const browser = await launchBrowser()
try {
  const page = await browser.newPage({ locale: 'en', viewport: { width: 760, height: 560 } })
  const take = (name: string) =>
    page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, import.meta.url)) })

  await page.goto(stack.url)
  await take('home')
  await page.goto(`${stack.url}/sign-in?return_to=/profile`)
  await page.getByRole('link', { name: 'Single Sign-On' }).click()
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Single Sign-On' }).click()
  await page.getByLabel('Username').fill(email)
  await page.getByLabel('Password').fill(stack.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${stack.url}/profile`)
  await take('profile')
  await page.goto(stack.sandbox.logto.endpoint)
  await take('control-room')
} finally {
  await browser.close()
  await stack.close()
}

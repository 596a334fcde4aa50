import { setTimeout as pause } from 'node:timers/promises'
import { type Page, UserAgent } from '../support/user-agent.ts'
import type { Person } from './people.ts'

/** What was seen by all browsers. */
export interface Tally {
  pages: number
  signIns: number
  signOuts: number
  /** Requests that were cut off because the process they were at was killed. */
  cut: number
  /** Pages with an error on them: what must not be. */
  errorPages: string[]
  /** Pages with the name of somebody else: what must not be. */
  strangers: string[]
  /** Somebody signed in whom a page took for a stranger: what must not be. */
  forgotten: string[]
}

const anyName = /Person\d+ Number\d+x/g

/** Thinks for a moment, as people do. */
const think = () => pause(150 + Math.random() * 350)

/**
 * One person at one browser: signs in, reads pages, signs out, and begins again until told to stop; then signs out.
 *
 * @param isOver whether to stop
 * @param tally what is counted
 */
export async function browse(
  app: { url: string; password: string },
  person: Person,
  isOver: () => boolean,
  tally: Tally,
): Promise<void> {
  const agent = new UserAgent()
  while (!isOver()) {
    await survive(agent, tally, () => signIn(agent, app, person))
    if (!(await isMine(agent, app.url, person))) continue
    tally.signIns++
    const visits = 5 + Math.floor(Math.random() * 30)
    for (let visit = 0; visit < visits && !isOver(); visit++) {
      await think()
      const page = await survive(agent, tally, () => agent.open(`${app.url}${visit % 2 ? '/' : '/profile'}`))
      if (page) judge(page, person, tally)
    }
    await signOut(agent, app.url, tally)
  }
}

/** As a person would; Logto and Okta may remember them, and ask for less. */
async function signIn(agent: UserAgent, app: { url: string; password: string }, { email }: Person) {
  const { text } = await agent.open(`${app.url}/sign-in`)
  if (text.includes('Single Sign-On')) {
    await agent.click('Single Sign-On')
    await agent.submit({ email })
  }
  if (agent.page?.body.includes('name="password"'))
    await agent.submit({ username: email, password: app.password })
}

/** Signs out, however often it takes: a killed process must not leave a session behind. */
async function signOut(agent: UserAgent, url: string, tally: Tally): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const page = await survive(agent, tally, async () => {
      await agent.open(`${url}/sign-out`)
      return agent.page?.body.includes('/session/end/confirm') ? agent.submit() : agent.page
    })
    if (page?.body.includes('data-signed-in="false"')) {
      tally.signOuts++
      return
    }
  }
  tally.errorPages.push('could not sign out')
}

async function isMine(agent: UserAgent, url: string, { name }: Person): Promise<boolean> {
  return Boolean(agent.page?.url.startsWith(url) && agent.page.text.includes(name))
}

function judge({ status, text, url }: Page, { name }: Person, tally: Tally): void {
  tally.pages++
  const names = text.match(anyName) ?? []
  if (status >= 400) tally.errorPages.push(`${status} at ${url}: ${text.slice(0, 200)}`)
  else if (names.some((shown) => shown !== name))
    tally.strangers.push(`${names} instead of ${name} at ${url}`)
  else if (names.length === 0) tally.forgotten.push(`${name} at ${url}`)
}

/** A process was killed on the way, which a person answers by trying again. */
async function survive<T>(agent: UserAgent, tally: Tally, step: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await step()
    if (agent.page?.status !== 502 || !agent.page.body.includes('the process went away')) return result
  } catch (error) {
    if (!/no link|no form/.test(String(error))) throw error
    if (agent.page?.status !== 502) {
      tally.errorPages.push(`${error}`)
      return undefined
    }
  }
  tally.cut++
  return undefined
}

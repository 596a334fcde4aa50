import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { signInAs, talksTo } from '../../src/testing/sign-in-as.ts'
import { testSingleSignOn } from '../../src/testing/test-single-sign-on.ts'
import { baseUrl, testApp } from '../support/app.ts'

const profile = { accept: 'text/html', host: new URL(baseUrl).host }

describe('testSingleSignOn', () => {
  const host = () => {
    const sso = testSingleSignOn()
    const app = express().use(sso.routes)
    app.get('/reports', sso.requireSignIn, (req, res) => void res.json(sso.accountOf(req)))
    return { sso, app: app.use(sso.errors) }
  }

  it('cookie, of a person, signs in without a request, and of a session that has ended no more', async () => {
    const { sso, app } = host()
    const cookie = await sso.cookieFor({ sub: 'user-7', name: 'Erin Moore' })
    const reports = () => supertest(app).get('/reports').set({ cookie })
    expect((await reports()).body).toMatchObject({ sub: 'user-7', claims: { name: 'Erin Moore' } })
    expect(sso.logto.calls).toEqual([])
    await supertest(app).get('/sign-out').set({ cookie })
    expect((await reports()).status).toBe(401)
  })

  it('agent, of the app that was made last, is signed in, and the hooks have heard of it', async () => {
    const heard: string[] = []
    const sso = testSingleSignOn(
      {},
      {
        onSignedIn: ({ sub }) => heard.push(`in ${sub}`),
        onSessionEnded: async ({ by }) => {
          heard.push(by)
          throw new Error('the database is away')
        },
      },
    )
    const agent = supertest.agent(express().use(sso.routes))
    await signInAs(agent, { sub: 'user-9' })
    expect(heard).toEqual(['in user-9'])
    expect((await agent.get('/sign-out')).status).toBe(303)
    expect(heard).toEqual(['in user-9', 'signed_out'])
  })
})

describe('signInAs', () => {
  it('agent, in one line, is signed in as that person, and another agent is not', async () => {
    const { app } = testApp()
    const [erin, stranger] = [supertest.agent(app), supertest.agent(app)]
    await signInAs(erin, { sub: 'user-7', name: 'Erin Moore', email: 'erin@acme.example' })
    expect((await erin.get('/profile').set(profile)).text).toContain('erin@acme.example')
    expect((await stranger.get('/profile').set(profile)).status).toBe(303)
  })

  it('agent, of an app below a path, is signed in there', async () => {
    const { app } = testApp({ settings: { BASE_URL: 'http://app.test/portal' } })
    const agent = supertest.agent(app)
    await expect(signInAs(agent)).resolves.toBeUndefined()
  })

  it('agent, of an app without the routes, is told what it got', async () => {
    await expect(signInAs(supertest.agent(express()))).rejects.toThrow('the sign-in ended with 404')
  })

  it('sign-in, refused, is an error that shows the answer', async () => {
    const { app, logto } = testApp()
    talksTo(app, { logto, baseUrl })
    logto.metadata.issuer = 'https://another.example'
    await expect(signInAs(supertest.agent(app))).rejects.toThrow('the sign-in ended with')
  })
})

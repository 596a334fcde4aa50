import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { baseUrl, testApp } from './app.ts'
import { signInAs, talksTo } from './sign-in-as.ts'

const profile = { accept: 'text/html', host: new URL(baseUrl).host }

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

  it('agent, of an app whose Logto is not known, is told what to do', async () => {
    await expect(signInAs(supertest.agent(express()))).rejects.toThrow('talksTo')
  })

  it('sign-in, refused, is an error that shows the answer', async () => {
    const { app, logto } = testApp()
    talksTo(app, { logto, baseUrl })
    logto.metadata.issuer = 'https://another.example'
    await expect(signInAs(supertest.agent(app))).rejects.toThrow('the sign-in ended with')
  })
})

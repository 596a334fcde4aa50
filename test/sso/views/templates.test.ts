import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { templates } from '../../../src/sso/views/templates.ts'
import { signIn, testApp } from '../../support/app.ts'

let folder = ''
const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.ejs`), text)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'views-'))
  write('part', '[<%= title %> <%= who %>]')
  write('page', "<%- include('part', { title: 'A & B' }) %>: <%= who %>")
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('templates', () => {
  it('template, what it includes, gets its data and more, and both are escaped', () => {
    expect(templates(folder, { keep: true })('page', { who: '<b>' })).toBe('[A &amp; B &lt;b&gt;]: &lt;b&gt;')
  })

  it('template, in a folder of its own, finds what is beside it', () => {
    mkdirSync(join(folder, 'parts'))
    write('parts/outer', "<<%- include('inner') %>>")
    write('parts/inner', '<%= who %>')
    write('page', "<%- include('parts/outer') %>")
    expect(templates(folder, { keep: true })('page', { who: 'Erin' })).toBe('<Erin>')
  })

  it.each([
    [true, 'first'],
    [false, 'second'],
  ])('template, kept: %s, changed on the disk, shows the %s', (keep, shown) => {
    const fill = templates(folder, { keep })
    write('part', 'first')
    fill('page', { who: '' })
    write('part', 'second')
    expect(fill('page', { who: '' })).toContain(shown)
  })

  it('template, filled for one person and then for another, shows nothing of the first', () => {
    const fill = templates(folder, { keep: true })
    write('page', "<% if (typeof who !== 'undefined') { %><%= who %><% } %><%- include('part') %>")
    write('part', "<% if (typeof who !== 'undefined') { %><%= who %><% } %>")
    expect(fill('page', {})).toBe('')
    expect(fill('page', { who: 'Erin' })).toBe('ErinErin')
    expect(fill('page', {})).toBe('')
  })

  it('template, given something under a name no code can have, goes without', () => {
    const fill = templates(folder, { keep: true })
    expect(fill('part', { title: 'A', who: 'Erin', 'a b': 1, '9': 1, '': 1 })).toBe('[A Erin]')
  })

  it.each(['escapeFn', 'include', 'who'])('template, %s planted on every object, is not fooled', (name) => {
    const fill = templates(folder, { keep: true })
    Object.defineProperty(Object.prototype, name, { value: () => 'planted', configurable: true })
    try {
      expect(fill('page', { who: 'Erin' })).toBe('[A &amp; B Erin]: Erin')
    } finally {
      Reflect.deleteProperty(Object.prototype, name)
    }
  })

  it('template, one that there is not, is raised', () => {
    expect(() => templates(folder, { keep: true })('nowhere', {})).toThrow('ENOENT')
  })
})

describe('a page', () => {
  const production = {
    NODE_ENV: 'production',
    BASE_URL: 'https://app.test',
    SESSION_STORE: 'memory',
    LOGTO_WEBHOOK_SIGNING_KEY: 'none',
  }

  it.each([{}, production])(
    'page, with the settings %o, is sent whole and with its length',
    async (settings) => {
      const test = testApp({ settings })
      const person = test.browser()
      await signIn(person, test)
      for (const response of [await person.get('/'), await test.browser().get('/')]) {
        expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
        expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)))
        expect(response.headers['transfer-encoding']).toBeUndefined()
        expect((await person.head('/')).headers['content-length']).toMatch(/^\d{3,4}$/)
      }
    },
  )
})

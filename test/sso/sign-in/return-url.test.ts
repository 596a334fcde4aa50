import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { returnUrl } from '../../../src/sso/links/beginning.ts'
import { baseUrl, signIn, testApp } from '../../support/app.ts'

const hostile = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  'https://evil.example',
  'https:evil.example',
  'HTTPS://EVIL.EXAMPLE',
  '//evil.example%2F..',
  'javascript:alert(1)',
  'data:text/html,x',
  '/%2Fevil.example',
  '/%2f%2fevil.example',
  '/%252Fevil.example',
  '%2F%2Fevil.example',
  '/a%2Fevil.example',
  '/a%252Fevil.example',
  '/%5Cevil.example',
  '/%5cevil.example',
  '/%255cevil.example',
  '/a/%2e%2e//evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/\tevil',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\nSet-Cookie: a=b',
  '/%0d%0aSet-Cookie:a=b',
  '/%09/evil.example',
  '/%00',
  '/\u0000',
  '/\u0085evil',
  ' //evil.example',
  ' /profile',
  'profile',
  '@evil.example',
  '.evil.example',
  '?next=/profile',
  '#top',
  '',
  '/%C2%85',
  '/%80',
  '/%25252525252fevil.example',
  '~',
  '~nothing',
  `~${deflateRawSync('//evil.example').toString('base64url')}`,
  `~${deflateRawSync('/'.repeat(100_000)).toString('base64url')}`,
  '/%73ign-out',
  '/sign-in',
  '/sign-in/acme',
  '/sign-up?x=1',
  '/sign-out',
  '/SIGN-OUT',
  '/callback?code=1',
]

const good = [
  ['/', '/'],
  ['/profile', '/profile'],
  ['/profile?tab=2&sort=a%2Fb#top', '/profile?tab=2&sort=a%2Fb#top'],
  ['/search?url=https%3A%2F%2Fother.example%2F', '/search?url=https%3A%2F%2Fother.example%2F'],
  ['/search?q=//evil.example', '/search?q=//evil.example'],
  ['/text?line=a%0Ab', '/text?line=a%0Ab'],
  ['/a/../b', '/b'],
  ['/プロフィール', '/%E3%83%97%E3%83%AD%E3%83%95%E3%82%A3%E3%83%BC%E3%83%AB'],
  ['/@evil.example', '/@evil.example'],
  ['/sign-instructions', '/sign-instructions'],
] as const

describe('return_to', () => {
  it.each(hostile)('return path, %j, becomes the home page', (value) => {
    expect(returnUrl(value, baseUrl)).toBe(`${baseUrl}/`)
  })

  it.each(good)('return path, %j, is kept', (value, kept) => {
    expect(returnUrl(value, baseUrl)).toBe(baseUrl + kept)
  })

  it.each([undefined, ['/a', '/b'], { a: '/b' }, 7])(
    'return path, not a string (%j), becomes the home page',
    (value) => {
      expect(returnUrl(value, baseUrl)).toBe(`${baseUrl}/`)
    },
  )

  it.each([
    ['/portal/profile', '/portal/profile'],
    ['/portal/', '/portal/'],
    ['/portal', '/portal/'],
    ['/other', '/portal/'],
    ['/portal/../other', '/portal/'],
    ['/portalother', '/portal/'],
    ['/portal/sign-out', '/portal/'],
  ])('return path, app under /portal, %j leads to %j', (value, kept) => {
    expect(returnUrl(value, 'https://host.example/portal')).toBe(`https://host.example${kept}`)
  })

  it.each([...hostile.slice(0, 40).map((value) => [value, '/'] as const), ...good])(
    'whole sign-in, %j, ends at %j',
    async (value, ending) => {
      const test = testApp()
      const query = new URLSearchParams({ return_to: value })
      expect(await signIn(test.browser(), test, `/sign-in?${query}`)).toRedirectTo(baseUrl + ending)
    },
  )
})

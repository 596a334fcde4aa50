import { createClient } from '@redis/client'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/settings/config.ts'
import { ConfigError } from '../../src/settings/parse.ts'

/** What is wrong with an address, as one reads it. */
function faultOf(REDIS_URL: string, REDIS_SENTINELS = ''): string {
  try {
    loadConfig({ REDIS_URL, REDIS_SENTINELS })
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

describe('REDIS_URL', () => {
  it.each([
    ['redis://host', { socket: { host: 'host', tls: false } }],
    ['redis://host/', { socket: { host: 'host' } }],
    ['REDIS://my_host:6380/0', { socket: { host: 'my_host', port: 6380 }, database: 0 }],
    ['rediss://10.0.0.7:6379/12', { socket: { host: '10.0.0.7', port: 6379, tls: true }, database: 12 }],
    ['redis://[::1]:6379', { socket: { host: '::1', port: 6379 } }],
    ['redis://:p%40s%2Fs%3F%23@host', { password: 'p@s/s?#', socket: { host: 'host' } }],
    ['redis://user:a:b@host/3', { username: 'user', password: 'a:b', database: 3 }],
    ['redis://user:p@ss@host', { username: 'user', password: 'p@ss', socket: { host: 'host' } }],
  ])('%s, is taken, and read as it is written', (address, read) => {
    const [url = ''] = loadConfig({ REDIS_URL: address }).sessions.redis?.urls ?? []
    expect(createClient({ url }).options).toMatchObject(read)
  })

  it.each([
    // What ends the host of a URL, in a password.
    ['redis://:geheim/geheim@host:6379', 'percent-encoded'],
    ['redis://user:12/34geheim@host:6379/0', 'percent-encoded'],
    ['redis://user:geheim#geheim@host', 'percent-encoded'],
    ['redis://user:12#geheim@host', 'percent-encoded'],
    ['redis://:geheim?geheim@host', 'percent-encoded'],
    ['redis://:geheim%@host', 'percent-encoded'],
    ['redis://:%ff%geheim@host', 'percent-encoded'],
    ['redis://:geheim%ff@host', 'percent-encoded'],
    ['redis://us%er:geheim@host', 'percent-encoded'],
    ['redis://:ge heim@host', 'blank'],
    ['redis://ho\tst', 'blank'],
    ['redis://host /1', 'blank'],
    // Another scheme, or none.
    ['host:6379', 'redis://'],
    ['localhost', 'redis://'],
    ['redis:host', 'redis://'],
    ['redis:/host', 'redis://'],
    ['https://host:6379', 'redis://'],
    ['unix:///var/run/redis.sock', 'redis://'],
    ['redis+sentinel://host:26379', 'redis://'],
    // Who and where.
    ['redis://', 'no host'],
    ['redis://:6379', 'no host'],
    ['redis:///1', 'no host'],
    ['redis://:geheim@', 'no host'],
    ['redis://user:geheim@:6379', 'no host'],
    ['redis://bücher.example', 'no host'],
    ['redis://ho%20st', 'no host'],
    // Several addresses: each wrong one, and what cannot be together.
    ['redis://a:6379,b:6379', 'redis://host1:6379,redis://host2:6379'],
    ['redis://a,b', 'several hosts'],
    ['redis://:geheim@a,http://b', 'several hosts'],
    ['redis://a:6379,', 'several hosts'],
    ['redis://a,redis://:geheim/x@b', '(address 2)'],
    ['redis://a,redis://b:0', '(address 2)'],
    ['redis://a, redis://b/1', 'a cluster has none but 0'],
    ['redis://a,rediss://b', 'mixes'],
    ['redis://a,redis://:geheim@b', 'several users or passwords'],
    ['redis://x:geheim@a,redis://y:geheim@b', 'several users or passwords'],
    ['redis://a,redis://b,redis://a:6379/', 'one address twice'],
    ['redis://[::1', 'no host'],
    ['redis://[::zz]', 'no host'],
    ['redis://[1.2.3.4]', 'not an address'],
    ['redis://geheim@host', 'without a password'],
    ['redis://user:@host', 'without a password'],
    ['redis://@host', 'without a password'],
    ['redis://host:0', 'no port'],
    ['redis://host:65536', 'no port'],
    ['redis://host:-1', 'no port'],
    ['redis://host:redis', 'no port'],
    // Another database than is written, or none.
    ['redis://host/cache', 'no database'],
    ['redis://host/-1', 'no database'],
    ['redis://host/1.5', 'no database'],
    ['redis://host/0x10', 'no database'],
    ['redis://host/1e1', 'no database'],
    ['redis://host/%31', 'no database'],
    ['redis://host/1/', 'no database'],
    ['redis://host/1/2', 'no database'],
    ['redis://host//', 'no database'],
    ['redis://host?db=3', '?'],
    ['redis://host/1?db=3', '?'],
    ['redis://host?ssl=true', 'rediss://'],
    ['redis://host/1#2', '#'],
  ])('%s, is a fault that says what to write: %s', (address, words) => {
    expect(faultOf(address)).toMatch(/^A setting is wrong:\n {2}REDIS_URL .*\n {4}→ .*$/)
    expect(faultOf(address)).toContain(words)
    expect(faultOf(address)).not.toMatch(/geheim|ge heim/)
  })

  it.each([
    ['redis://a, redis://b:7000/0', ['redis://a', 'redis://b:7000/0']],
    ['rediss://u:p,w@a,rediss://u:p,w@b', ['rediss://u:p,w@a', 'rediss://u:p,w@b']],
    // A comma in a password parts nothing.
    ['redis://:a,b@host', ['redis://:a,b@host']],
  ])('%s, is taken for as many addresses as it has', (given, urls) => {
    expect(loadConfig({ REDIS_URL: given }).sessions.redis?.urls).toEqual(urls)
  })
})

describe('REDIS_SENTINELS', () => {
  it('Sentinels, with and without a port and a password, are taken, each by itself', () => {
    const REDIS_SENTINELS = 'redis://s1, redis://:one@s2:26380,rediss://s3'
    const { redis } = loadConfig({ REDIS_URL: 'redis://u:p@My_Primary.1/2', REDIS_SENTINELS }).sessions
    expect(redis).toEqual({
      urls: ['redis://u:p@My_Primary.1/2'],
      sentinels: ['redis://s1:26379', 'redis://:one@s2:26380', 'rediss://s3:26379'],
    })
    expect(new URL(redis?.urls[0] ?? '').hostname).toBe('My_Primary.1')
  })

  it.each([
    ['REDIS_SENTINELS', 's1:26379', 'redis://mymaster', 'redis://'],
    ['REDIS_SENTINELS', 'redis://:geheim@s1,redis://:geheim@', 'redis://mymaster', '(address 2)'],
    ['REDIS_SENTINELS', 'redis://s1/0', 'redis://mymaster', 'Sentinels have none'],
    ['REDIS_URL', 'redis://s1', '', 'is not set'],
    ['REDIS_URL', 'redis://s1', 'redis://:geheim@mymaster:6379', 'has a port'],
    ['REDIS_URL', 'redis://s1', 'redis://:geheim@a,redis://:geheim@b', 'several addresses'],
  ])('fault of %s, of Sentinels %s and the primary “%s”, says: %s', (setting, sentinels, url, words) => {
    const said = faultOf(url, sentinels)
    expect(said).toMatch(new RegExp(`^A setting is wrong:\\n {2}${setting} .*\\n {4}→ .*$`))
    expect(said).toContain(words)
    expect(said).not.toContain('geheim')
  })
})

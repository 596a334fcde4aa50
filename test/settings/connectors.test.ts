import { parse } from 'dotenv'
import { describe, expect, it } from 'vitest'
import { companySecret } from '../../src/settings/companies/company-secret.ts'
import { slugOf } from '../../src/settings/companies/connector.ts'
import { writeConnectors } from '../../src/settings/companies/connectors.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { ConfigError } from '../../src/settings/parse.ts'

const acme = { id: 'c1', name: 'Acme', issuer: 'https://acme.okta.test', domains: ['acme.test'] }
const globex = { id: 'c2', name: 'Globex', issuer: 'https://globex.okta.test', domains: ['globex.test'] }

const read = (value: unknown) => loadConfig({ SSO_CONNECTORS: JSON.stringify(value) }).connectors

function faultOf(text: string): string {
  try {
    loadConfig({ SSO_CONNECTORS: text })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.faults).toHaveLength(1)
    const [fault] = error.faults
    expect(fault?.setting).toBe('SSO_CONNECTORS')
    expect(String(fault?.fix)).not.toBe('')
    return String(fault?.problem ?? '')
  }
  return 'none'
}

describe("a company's secret", () => {
  it('secret, of a key and an issuer, is the HMAC that any tool computes, and no other company has it', () => {
    // printf %s https://acme.okta.test | openssl dgst -sha256 -hmac <key> -binary | basenc --base64url | tr -d =
    expect(companySecret('k'.repeat(32), acme.issuer)).toBe('CZh4nePIza_KNQNXoWUtvuvkSAqb4EENXrillfIxsF0')
    expect(companySecret('k'.repeat(32), globex.issuer)).not.toBe(companySecret('k'.repeat(32), acme.issuer))
  })
})

describe('SSO_CONNECTORS', () => {
  it('setting, several companies, is read in their order, each with its link', () => {
    expect(read([acme, { ...globex, domains: [] }])).toEqual([
      { ...acme, slug: 'acme' },
      { ...globex, domains: [], slug: 'globex' },
    ])
    expect(loadConfig({}).connectors).toEqual([])
  })

  it('setting, with what a company may have beside, keeps it, and so does the line that is written', () => {
    const full = { ...acme, clientId: '0oa1b2c3', otherDomains: true }
    expect(read([full, globex])).toEqual([
      { ...full, slug: 'acme' },
      { ...globex, slug: 'globex' },
    ])
    expect(JSON.parse(writeConnectors(read([full, globex])))).toEqual([full, globex])
  })

  it('setting, with a day on which a secret ends, keeps what a calendar has and starts without any other', () => {
    const ending = (secretEndsOn: string) => read([{ ...acme, secretEndsOn }])[0]?.secretEndsOn
    expect(ending('2028-02-29')).toBe('2028-02-29')
    expect(ending('2027-13-01')).toBeUndefined()
    expect(faultOf(JSON.stringify([{ ...acme, secretEndsOn: '31.12.2027' }]))).toContain('secretEndsOn')
  })

  it('setting, otherwise spelt, is read as what the rest of the world compares', () => {
    const [connector] = read([
      { ...acme, name: ' Acme ', issuer: 'https://ACME.okta.test:443/', domains: ['ACME.test', 'acme.test'] },
    ])
    expect(connector).toEqual({ ...acme, slug: 'acme' })
  })

  it('setting, 500 companies, is read; one more is a fault that says where others live', () => {
    const company = (at: number) => ({
      id: `c${at}`,
      name: `C ${at}`,
      issuer: `https://c${at}.test`,
      domains: [],
    })
    const text = (count: number) => JSON.stringify(Array.from({ length: count }, (_, at) => company(at)))
    expect(loadConfig({ SSO_CONNECTORS: text(500) }).connectors).toHaveLength(500)
    expect(() => loadConfig({ SSO_CONNECTORS: text(501) })).toThrow('COMPANIES_FILE')
  })

  it('config, its connectors, cannot be changed', () => {
    const [connector] = read([acme])
    expect(Object.isFrozen(connector) && Object.isFrozen(connector?.domains)).toBe(true)
  })

  it.each([
    ['no JSON', 'acme', 'is not a list in JSON'],
    ['no list', JSON.stringify(acme), 'is not a list in JSON'],
    ['an entry that is no object', '["acme"]', 'connector 1: it is no object'],
    ['no id', JSON.stringify([acme, { ...globex, id: undefined }]), 'connector 2: its id'],
    ['an id of another alphabet', JSON.stringify([{ ...acme, id: 'a b' }]), 'its id'],
    ['an empty name', JSON.stringify([{ ...acme, name: ' ' }]), 'its name'],
    ['a long name', JSON.stringify([{ ...acme, name: 'a'.repeat(129) }]), 'its name'],
    ['an issuer that is none', JSON.stringify([{ ...acme, issuer: 'acme.okta.test' }]), 'its issuer'],
    ['an issuer with a query', JSON.stringify([{ ...acme, issuer: 'https://a.test?b' }]), 'its issuer'],
    ['a domain with an @', JSON.stringify([{ ...acme, domains: ['a@acme.test'] }]), 'its domains'],
    [
      'a domain of everybody',
      JSON.stringify([{ ...acme, domains: ['GMail.com'] }]),
      'connector 1: one of its domains',
    ],
    ['a domain of one label', JSON.stringify([{ ...acme, domains: ['acme'] }]), 'its domains'],
    ['domains in a text', JSON.stringify([{ ...acme, domains: 'acme.test' }]), 'its domains'],
    ['a client ID with a blank', JSON.stringify([{ ...acme, clientId: 'a b' }]), 'its clientId'],
    ['other domains by a word', JSON.stringify([{ ...acme, otherDomains: 'yes' }]), 'its otherDomains'],
    ['a key too many', JSON.stringify([{ ...acme, clientSecret: 'hush' }]), 'keys other than'],
    ['one ID twice', JSON.stringify([acme, { ...globex, id: 'c1' }]), 'the ID c1'],
    ['one link twice', JSON.stringify([acme, { ...globex, name: 'ACME!' }]), '/sign-in/acme'],
    [
      'one issuer twice',
      JSON.stringify([acme, { ...globex, issuer: `${acme.issuer}/` }]),
      'the issuer https',
    ],
    [
      'one domain twice',
      JSON.stringify([acme, { ...globex, domains: ['x.test', 'Acme.test'] }]),
      'the domain acme.test',
    ],
    ['too many', JSON.stringify(Array(501).fill(acme)), 'more than 500'],
    ['too long', `["${'a'.repeat(200_000)}"]`, 'is too long'],
  ])('setting, %s, is a fault that says where', (_what, text, problem) => {
    expect(faultOf(text)).toContain(problem)
    expect(faultOf(text)).not.toContain('hush')
  })

  it.each([
    ['Acme', 'acme'],
    ['Okta Acme', 'okta-acme'],
    ['  Acme, Inc. (日本)  ', 'acme-inc'],
    ['Société Générale', 'societe-generale'],
    ['アクメ', 'id-of-it'],
    ['../..?#/%', 'id-of-it'],
  ])('link, of the name “%s”, is %s', (name, slug) => {
    expect(slugOf({ id: 'ID-of-it', name })).toBe(slug)
  })

  it('line, written into .env in single quotes, reads as it was, whatever the name', () => {
    const odd = { ...acme, name: `O'Neil "&" Sons \`$HOME\` \\n アクメ` }
    const { SSO_CONNECTORS } = parse(`SSO_CONNECTORS='${writeConnectors([odd, globex])}'`)
    expect(loadConfig({ SSO_CONNECTORS }).connectors.map(({ name }) => name)).toEqual([odd.name, 'Globex'])
  })
})

import { createRequire } from 'node:module'

export type Samlify = typeof import('samlify')

let loaded: Samlify | undefined

/** The library for SAML, which Logto has too. It takes a while to load, and a sandbox without SAML need not wait for it. */
export function samlLibrary(): Samlify {
  if (loaded) return loaded
  // It is CommonJS, and an import sees only some of what it exports.
  loaded = createRequire(import.meta.url)('samlify') as Samlify
  loaded.setSchemaValidator({ validate: refuseDeclarations })
  return loaded
}

/** What is not XML fails to parse. A document type is never needed, and is the way of attacks with entities. */
async function refuseDeclarations(xml: string): Promise<string> {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new Error('ERR_DOCTYPE')
  return 'ok'
}

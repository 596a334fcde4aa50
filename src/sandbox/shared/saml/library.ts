export type Samlify = typeof import('samlify')

let loaded: Promise<Samlify> | undefined

/** The library for SAML, which Logto has too; a sandbox without a SAML connector need not wait for it. */
export function samlLibrary(): Promise<Samlify> {
  loaded ??= import('samlify').then((module) => {
    // It is CommonJS, and some of what it exports is seen by name by none but TypeScript.
    const { default: saml } = module as unknown as { default: Samlify }
    saml.setSchemaValidator({ validate: refuseDeclarations })
    return saml
  })
  return loaded
}

/** What is not XML fails to parse. A document type is never needed, and is the way of attacks with entities. */
async function refuseDeclarations(xml: string): Promise<string> {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new Error('ERR_DOCTYPE')
  return 'ok'
}

import { inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { samlLibrary } from '../../shared/saml-library.ts'

const LONGEST = 64 * 1024

const AuthnRequest = z.object({
  id: z.string().min(1),
  issuer: z.string().min(1),
  consumer: z.string().optional(),
})

/**
 * Reads the request of a service provider, deflated and in base 64 (SAML 2.0 Bindings §3.4.4.1).
 *
 * @returns nothing for what is none
 */
export async function readRequest(text: string): Promise<z.output<typeof AuthnRequest> | undefined> {
  const { Extractor } = samlLibrary()
  try {
    const xml = inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: LONGEST }).toString()
    const found = Extractor.extract(xml, [
      { key: 'id', localPath: ['AuthnRequest'], attributes: ['ID'] },
      { key: 'consumer', localPath: ['AuthnRequest'], attributes: ['AssertionConsumerServiceURL'] },
      { key: 'issuer', localPath: ['AuthnRequest', 'Issuer'], attributes: [] },
    ])
    return AuthnRequest.safeParse(found).data
  } catch {
    return undefined
  }
}

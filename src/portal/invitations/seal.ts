import { hkdfSync } from 'node:crypto'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import { z } from 'zod'

/** For whom an invitation is, and until when. */
export interface Invited {
  /** The invitation's own name. */
  readonly id: string
  readonly company: string
  readonly domains: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const contents = z.object({
  jti: z.string(),
  company: z.string(),
  domains: z.array(z.string()),
  exp: z.number(),
})

/** The key alone opens and makes one (RFC 7516, RFC 7518 §4.5). */
const [keyManagement, encryption] = ['dir', 'A256GCM']

/**
 * Makes and opens the links that let a company's administrator in: a JWE that nobody can read, make or change who has
 * not the secret.
 *
 * @param secrets the first seals; every one opens
 */
export function invitationSeal(secrets: readonly [string, ...string[]]) {
  const keys = secrets.map(keyFrom)
  return {
    seal: ({ id, company, domains, expiresAt }: Invited): Promise<string> =>
      new EncryptJWT({ company, domains: [...domains] })
        .setProtectedHeader({ alg: keyManagement, enc: encryption })
        .setJti(id)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .encrypt(keys[0] ?? new Uint8Array()),

    /** @returns what the link says; `expired` past its time; undefined for anything not sealed here */
    async open(text: string): Promise<Invited | 'expired' | undefined> {
      for (const key of keys) {
        try {
          const options = {
            keyManagementAlgorithms: [keyManagement],
            contentEncryptionAlgorithms: [encryption],
          }
          const { data } = contents.safeParse((await jwtDecrypt(text, key, options)).payload)
          return (
            data && { id: data.jti, company: data.company, domains: data.domains, expiresAt: data.exp * 1000 }
          )
        } catch (error) {
          if (error instanceof errors.JWTExpired) return 'expired'
        }
      }
      return undefined
    },
  }
}

export type InvitationSeal = ReturnType<typeof invitationSeal>

/** One secret, several uses: each gets a key of its own (RFC 5869 §3.2). */
const keyFrom = (secret: string) =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'invitation to the portal', 32))

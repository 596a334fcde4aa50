import { z } from 'zod'
import { Connector } from './answers.ts'
import type { Reading } from './people.ts'

/** What Logto has read at a connector's provider, as far as it may be shown: no secret of the config is in it. */
const ReadAtProvider = z
  .looseObject({
    issuer: z.string().optional(),
    authorizationEndpoint: z.string().optional(),
    tokenEndpoint: z.string().optional(),
    userinfoEndpoint: z.string().optional(),
    jwksUri: z.string().optional(),
    identityProvider: z
      .looseObject({
        entityId: z.string().optional(),
        signInEndpoint: z.string().optional(),
        certificateExpiresAt: z.number().optional(),
      })
      .optional(),
  })
  .nullish()
  .catch(undefined)

const OneConnector = Connector.extend({ providerConfig: ReadAtProvider })
export type OneConnector = z.output<typeof OneConnector>

/** One connector alone: read, and taken away. */
export function connectorCalls({ client, read, asJson }: Reading) {
  const path = (id: string) => ({ params: { path: { id } } })
  return {
    /** @returns undefined where there is none with this ID */
    async connector(id: string): Promise<OneConnector | undefined> {
      const call = asJson(client.GET('/api/sso-connectors/{id}', path(id)))
      const { response } = await call
      return response.status === 404 ? undefined : read(OneConnector, call)
    },

    /** What is gone already is no error. The identities that people have through it go with it. */
    async deleteConnector(id: string): Promise<void> {
      const call = asJson(client.DELETE('/api/sso-connectors/{id}', path(id)))
      const { response } = await call
      if (response.status !== 404) await read(z.unknown(), call)
    },
  }
}

import { z } from 'zod'
import { OneConnector } from './answers.ts'
import type { Reading } from './people.ts'

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

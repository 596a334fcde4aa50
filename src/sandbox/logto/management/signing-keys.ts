import { Router } from 'express'
import { z } from 'zod'
import type { Issuer } from '../oidc/issuer.ts'
import type { SigningKey } from '../oidc/signing-keys.ts'
import { ApiError, guard } from './shared/api-error.ts'

const Rotation = z.object({ signingKeyAlgorithm: z.enum(['RSA', 'EC']).optional() })

/** The keys that Logto signs with: list, rotate, delete. Its cookie keys have no address in the sandbox. */
export function createSigningKeyRoutes(issuer: Issuer): Router {
  const router = Router()
  const listed = () => issuer.keys.map(viewOf)

  router.get('/configs/oidc/private-keys', (_req, res) => {
    res.json(listed())
  })
  router.post('/configs/oidc/private-keys/rotate', async (req, res) => {
    const { signingKeyAlgorithm = 'EC' } = guard(Rotation, 'body', req.body)
    await issuer.rotateKeys(signingKeyAlgorithm)
    res.json(listed())
  })
  router.delete('/configs/oidc/private-keys/:id', (req, res) => {
    if (issuer.keys.length === 1) {
      throw new ApiError(422, 'oidc.key_required', 'At least one key is required.')
    }
    const key = issuer.keys.find(({ id }) => id === req.params.id)
    if (!key) throw new ApiError(404, 'oidc.key_not_found', `Key with ID ${req.params.id} is not found.`)
    issuer.deleteKey(key)
    res.status(204).end()
  })
  return router
}

const viewOf = ({ id, createdAt, kind }: SigningKey) => ({ id, createdAt, signingKeyAlgorithm: kind })

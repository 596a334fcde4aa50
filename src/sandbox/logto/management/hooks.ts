import { Router } from 'express'
import { logtoId, secret } from '../../shared/random.ts'
import type { Hook, Tenant } from '../state/state.ts'
import { ApiError, guard, notFound, notThere, notThereToChange } from './shared/api-error.ts'
import { sendList } from './shared/pagination.ts'
import { HookCreate, HookPatch } from './shared/schemas.ts'

/** Webhooks: list, make, read, change, delete. They are told of people who sign in and of people who leave, and of nothing else. */
export function createHookRoutes(tenant: Tenant): Router {
  const router = Router()
  const find = (id: string) => tenant.hooks.find((hook) => hook.id === id)
  const viewOf = ({ id, ...hook }: Hook) => ({ tenantId: tenant.id, id, ...hook })

  router.get('/hooks', (req, res) => {
    sendList(req, res, tenant.hooks.map(viewOf))
  })
  router.post('/hooks', (req, res) => {
    const { name = '', event, events, config, enabled = true } = guard(HookCreate, 'body', req.body)
    if (!event && !events) {
      throw new ApiError(400, 'hook.missing_events', 'You need to provide at least one event.')
    }
    const hook: Hook = {
      id: logtoId(21),
      name,
      event: event ?? null,
      events: distinct(events ?? []),
      config,
      signingKey: secret(32),
      enabled,
      createdAt: Date.now(),
    }
    tenant.hooks.push(hook)
    res.status(201).json(viewOf(hook))
  })
  router.get('/hooks/:id', (req, res) => {
    const hook = find(req.params.id)
    if (!hook) throw notFound('hooks', req.params.id)
    res.json(viewOf(hook))
  })
  router.patch('/hooks/:id', (req, res) => {
    const body = guard(HookPatch, 'body', req.body)
    const hook = find(req.params.id)
    if (!hook) throw notThereToChange('hook')
    res.json(viewOf(Object.assign(hook, body, body.events && { events: distinct(body.events) })))
  })
  router.delete('/hooks/:id', (req, res) => {
    const hook = find(req.params.id)
    if (!hook) throw notThere()
    tenant.hooks.splice(tenant.hooks.indexOf(hook), 1)
    res.status(204).end()
  })
  return router
}

const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)]

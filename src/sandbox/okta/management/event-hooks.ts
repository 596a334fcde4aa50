import { Router } from 'express'
import { oktaId } from '../../shared/random.ts'
import { challenge } from '../leaving/event-hooks.ts'
import type { EventHook, Org } from '../state.ts'
import { notFound, validationFailed } from './api-error.ts'
import { type EventHookBody, parseEventHook } from './event-hook-schema.ts'

const MOST_ACTIVE = 25

/** The org's event hooks: list, make, read, replace, delete, verify, activate, deactivate. */
export function createEventHookRoutes(issuer: string, org: Org): Router {
  const router = Router()
  const view = (hook: EventHook) => viewOf(issuer, hook)
  const find = (id: string) => {
    const hook = org.eventHooks.find((candidate) => candidate.id === id)
    if (!hook) throw notFound(id, 'EventHook')
    return hook
  }
  const requireRoom = () => {
    if (org.eventHooks.filter(({ status }) => status === 'ACTIVE').length < MOST_ACTIVE) return
    throw validationFailed([['status', `There are ${MOST_ACTIVE} active event hooks already`]])
  }

  router.get('/eventHooks', (_req, res) => {
    res.json(org.eventHooks.map(view))
  })
  router.post('/eventHooks', (req, res) => {
    const body = readBody(org, req.body)
    requireRoom()
    const now = new Date().toISOString()
    const hook: EventHook = {
      ...{ id: oktaId('who'), status: 'ACTIVE', verificationStatus: 'UNVERIFIED' },
      ...{ created: now, lastUpdated: now },
      ...fieldsOf(body),
    }
    org.eventHooks.push(hook)
    res.json(view(hook))
  })
  router.get('/eventHooks/:id', (req, res) => {
    res.json(view(find(req.params.id)))
  })
  router.put('/eventHooks/:id', (req, res) => {
    const hook = find(req.params.id)
    const fields = fieldsOf(readBody(org, req.body, hook))
    // Another address has to prove itself anew.
    const isSame = fields.config.uri === hook.config.uri
    Object.assign(hook, fields, {
      lastUpdated: new Date().toISOString(),
      ...(!isSame && { verificationStatus: 'UNVERIFIED' }),
    })
    res.json(view(hook))
  })
  router.delete('/eventHooks/:id', (req, res) => {
    const hook = find(req.params.id)
    if (hook.status === 'ACTIVE') throw validationFailed([['status', 'Deactivate the event hook first']])
    org.eventHooks.splice(org.eventHooks.indexOf(hook), 1)
    res.status(204).end()
  })
  router.post('/eventHooks/:id/lifecycle/verify', async (req, res) => {
    const hook = find(req.params.id)
    const problem = await challenge(hook)
    if (problem) throw validationFailed([['verification', problem]])
    hook.verificationStatus = 'VERIFIED'
    res.json(view(hook))
  })
  router.post('/eventHooks/:id/lifecycle/activate', (req, res) => {
    const hook = find(req.params.id)
    if (hook.status !== 'ACTIVE') requireRoom()
    hook.status = 'ACTIVE'
    res.json(view(hook))
  })
  router.post('/eventHooks/:id/lifecycle/deactivate', (req, res) => {
    const hook = find(req.params.id)
    hook.status = 'INACTIVE'
    res.json(view(hook))
  })
  return router
}

/** @throws ApiError with everything that is wrong with the body */
function readBody(org: Org, given: unknown, own?: EventHook): EventHookBody {
  const parsed = parseEventHook(given)
  if ('faults' in parsed) throw validationFailed(parsed.faults)
  if (org.eventHooks.some((other) => other !== own && other.name === parsed.hook.name)) {
    throw validationFailed([['name', 'An object with this field already exists in the current organization']])
  }
  return parsed.hook
}

const fieldsOf = ({ name, description, events, channel }: EventHookBody) => ({
  name,
  description,
  events: [...new Set(events.items)],
  config: {
    uri: channel.config.uri,
    headers: channel.config.headers,
    authScheme: channel.config.authScheme,
  },
})

function viewOf(issuer: string, hook: EventHook): Record<string, unknown> {
  const { events, config, ...shown } = hook
  const { uri, headers, authScheme } = config
  const self = `${issuer}/api/v1/eventHooks/${hook.id}`
  const next = hook.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    ...shown,
    createdBy: '00uSandboxAdmin00001',
    events: { type: 'EVENT_TYPE', items: events, filter: null },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri,
        headers,
        method: 'POST',
        ...(authScheme && { authScheme: { type: authScheme.type, key: authScheme.key } }),
      },
    },
    _links: {
      self: { href: self },
      verify: { href: `${self}/lifecycle/verify`, hints: { allow: ['POST'] } },
      [next]: { href: `${self}/lifecycle/${next}`, hints: { allow: ['POST'] } },
    },
  }
}

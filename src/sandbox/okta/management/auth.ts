import type { RequestHandler } from 'express'
import type { Org } from '../state.ts'
import { ApiError } from './api-error.ts'

const READS = ['GET', 'HEAD']

/** Lets through requests with one of the org's API tokens; those of a read-only administrator read only, and event hooks are a super admin's. */
export function requireApiToken(org: Org): RequestHandler {
  return (req, _res, next) => {
    const token = org.apiTokens.find(({ value }) => req.headers.authorization === `SSWS ${value}`)
    if (!token) throw new ApiError(401, 'E0000011', 'Invalid token provided')
    if (token.readOnly && !READS.includes(req.method)) {
      throw forbidden()
    }
    if (token.appsOnly && req.path.startsWith('/eventHooks')) throw forbidden()
    next()
  }
}

const forbidden = () =>
  new ApiError(403, 'E0000006', 'You do not have permission to perform the requested action')

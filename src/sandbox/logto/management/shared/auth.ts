import type { RequestHandler } from 'express'
import { errors, jwtVerify } from 'jose'
import { keyOf, type SigningKey } from '../../oidc/signing-keys.ts'
import { ALL, MANAGEMENT_API } from '../../state/management-api.ts'
import { ApiError } from './api-error.ts'

/**
 * Lets through requests with an access token for the Management API (RFC 9068, RFC 6750 §2.1) that holds its scope.
 *
 * @param endpoint Logto's address, whose provider must have issued the token
 * @param keys live: what that provider signs with, and has signed with
 */
export function requireManagementToken(endpoint: string, keys: readonly SigningKey[]): RequestHandler {
  return async (req, _res, next) => {
    const token = bearerToken(req.headers.authorization)
    const scope = await jwtVerify(token, keyOf(keys), {
      issuer: `${endpoint}/oidc`,
      audience: MANAGEMENT_API,
    }).then(
      ({ payload }) => String(payload.scope ?? ''),
      (error: unknown) => {
        throw new ApiError(
          401,
          'auth.unauthorized',
          'Unauthorized. Please check credentials and its scope.',
          {
            ...(error instanceof errors.JOSEError && { data: { code: error.code, name: error.name } }),
          },
        )
      },
    )
    if (!scope.split(' ').includes(ALL)) {
      const message = 'Forbidden. Please check your user roles and permissions.'
      throw new ApiError(403, 'auth.forbidden', message)
    }
    next()
  }
}

function bearerToken(authorization: string | undefined): string {
  if (!authorization) {
    throw new ApiError(401, 'auth.authorization_header_missing', 'Authorization header is missing.')
  }
  if (!authorization.startsWith('Bearer')) {
    throw new ApiError(
      401,
      'auth.authorization_token_type_not_supported',
      'Authorization type is not supported.',
      { data: { supportedTypes: ['Bearer'] } },
    )
  }
  return authorization.slice('Bearer '.length)
}

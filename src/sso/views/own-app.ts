import express, { type Express } from 'express'
import type { Config } from '../../settings/config.ts'
import { trustProxies } from '../http/request/visitor-address.ts'
import { useViews } from './views.ts'

/**
 * An Express app whose pages are ours, with nothing mounted yet.
 *
 * @param below as `useViews` has it
 */
export function ownApp(config: Config, below?: string): Express {
  const https = config.baseUrl.startsWith('https:')
  const app = express()
  app.disable('etag') // every page is one person's own, and never asked for again by its ETag
  app.disable('x-powered-by')
  // Secure cookies go by BASE_URL: TLS usually ends at a proxy, and the last hop cannot tell what the browser sees.
  Object.defineProperty(app.request, 'secure', { get: () => https })
  // Express goes by NODE_ENV to the letter, and shows stacks where it does not say `production`.
  if (config.production) app.set('env', 'production')
  trustProxies(app, config.trustProxy)
  useViews(app, config, below)
  return app
}

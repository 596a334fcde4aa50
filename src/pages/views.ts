import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Express } from 'express'
import type { Config } from '../config.ts'

const viewsFolder = fileURLToPath(new URL('../../views', import.meta.url))
/** Files that are sent as they are. */
export const publicFolder = `${viewsFolder}/public`

/**
 * Makes `res.render` find the EJS views, and gives every view the links it needs.
 *
 * @param app gets its view settings and `app.locals`
 */
export function useViews(app: Express, { baseUrl, production }: Config): void {
  app.set('views', viewsFolder)
  app.set('view engine', 'ejs')
  app.set('view cache', production)
  app.locals.url = (path: string) => baseUrl + path
  const fingerprint = production ? once(fingerprintOf) : fingerprintOf
  app.locals.asset = (name: string) => `${baseUrl}/assets/${name}?v=${fingerprint(name)}`
}

/** Changes with the file, so that browsers may keep the file for good. */
function fingerprintOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(`${publicFolder}/${name}`))
    .digest('hex')
    .slice(0, 12)
}

function once(make: (name: string) => string): (name: string) => string {
  const made = new Map<string, string>()
  return (name) => {
    const value = made.get(name) ?? make(name)
    made.set(name, value)
    return value
  }
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Request, Response } from 'express'
import { paths } from '../addresses.ts'
import { AppError } from '../http/app-error.ts'

const folder = fileURLToPath(new URL('../../../views/sso/public', import.meta.url))

/** Changes with the file, so that browsers may keep the file for good. */
const fingerprints = new Map(readdirSync(folder).map((name) => [name, fingerprintOf(name)]))

function fingerprintOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(`${folder}/${name}`))
    .digest('hex')
    .slice(0, 12)
}

/** The address of a file of our pages, below `BASE_URL`. */
export const assetUrl = (name: string) => `${paths.assets}/${name}?v=${fingerprints.get(name)}`

/**
 * Sends a file of our pages.
 *
 * @param options.production a file may be kept for good then, where the address names this very content
 * @throws AppError 404 for a name that is none of ours
 */
export function sendAsset(
  req: Request,
  res: Response,
  name: string,
  { production }: { production: boolean },
): Promise<void> {
  const fingerprint = fingerprints.get(name)
  if (fingerprint === undefined) throw new AppError({ status: 404, code: 'not_found' })
  // A page asks for several; the log is about pages.
  res.locals.routine = true
  const forGood = production && req.query.v === fingerprint
  res.setHeader('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
  return new Promise((resolve, reject) => {
    res.sendFile(name, { root: folder, cacheControl: false }, (error) =>
      error && !res.headersSent ? reject(error) : resolve(),
    )
  })
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'
import type { Config } from '../../settings/config.ts'

const folder = fileURLToPath(new URL('../../../views/public', import.meta.url))

/** Changes with the file, so that browsers may keep the file for good. */
const fingerprints = new Map(readdirSync(folder).map((name) => [name, fingerprintOf(name)]))

function fingerprintOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(`${folder}/${name}`))
    .digest('hex')
    .slice(0, 12)
}

/** The address of a file in `views/public`, below the app's own path. */
export function assetUrl(name: string): string {
  return `assets/${name}?v=${fingerprints.get(name)}`
}

/**
 * Sends the files in `views/public`.
 *
 * @param config in production a file may be kept for good, where the address names this very content
 */
export function assets({ production }: Config): RequestHandler {
  return express.static(folder, {
    index: false,
    redirect: false,
    cacheControl: false,
    setHeaders(res, path) {
      const { v } = (res.req as express.Request).query
      const forGood = production && v === fingerprints.get(basename(path))
      res.set('Cache-Control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

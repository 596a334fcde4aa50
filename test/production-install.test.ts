import { execFileSync } from 'node:child_process'
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'npm-start-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface LockedPackage {
  dev?: boolean
  devOptional?: boolean
}

/**
 * The folders that `npm prune --omit=dev --omit=optional` leaves, by the lockfile; those for other platforms are not
 * there. What is only a development package and somebody's optional peer, such as OpenTelemetry's API, goes with both.
 */
function foldersInProduction(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
}

/** Kilobytes on the disk, as `du` counts them; packages within a package are counted by themselves. */
function sizeOf(path: string): number {
  const stats = lstatSync(path)
  const inside = stats.isDirectory() ? readdirSync(path).filter((name) => name !== 'node_modules') : []
  return inside.reduce((sum, name) => sum + sizeOf(join(path, name)), stats.blocks / 2)
}

describe('an installation for production', () => {
  it('packages, those that stay, are no compiler and under 35 MB', () => {
    const folders = foldersInProduction()
    expect(folders).toContain('node_modules/express')
    expect(
      folders.filter((path) => /typescript|esbuild|oidc-provider|@redis\/(?!client)/.test(path)),
    ).toEqual([])
    const kilobytes = folders.reduce((sum, path) => sum + sizeOf(join(root, path)), 0)
    expect(kilobytes).toBeLessThan(35 * 1024)
  })
})

describe('npm start', () => {
  const npmStart = () =>
    execFileSync('npm', ['-s', 'start'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })

  it('start, with a compiler, builds first; without one, starts what is built', () => {
    for (const name of ['package.json', 'tsconfig.json']) cpSync(join(root, name), join(folder, name))
    cpSync(join(root, 'src/tsconfig.json'), join(folder, 'src/tsconfig.json'))
    mkdirSync(join(folder, 'src/demo'))
    writeFileSync(join(folder, 'src/demo/server.ts'), "const words: string = 'built'\nconsole.log(words)\n")
    expect(npmStart).toThrow('Nothing is built yet')
    mkdirSync(join(folder, 'dist/demo'), { recursive: true })
    writeFileSync(join(folder, 'dist/demo/server.js'), "console.log('stale')\n")
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    expect(npmStart()).toBe('built\n')
    for (const name of ['node_modules', 'src']) rmSync(join(folder, name), { recursive: true })
    expect(npmStart()).toBe('built\n')
  })
})

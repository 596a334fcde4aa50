import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, chmod, copyFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EnvFileError, readSettingsFile } from '../../settings/env-file/env-file.ts'
import { parseEnv } from '../../settings/env-file/parse-env.ts'
import { ProvisionError, phrase } from '../problem.ts'
import { withValues } from './env-text.ts'

/** For its owner only: it holds secrets. */
const MODE = 0o600

/**
 * The settings in a file.
 *
 * @returns the file's text, and what it sets; both empty where there is no file
 * @throws ProvisionError when it is there and cannot be read
 */
export async function readEnvFile(path: string): Promise<{ text: string; values: Record<string, string> }> {
  try {
    return readSettingsFile(path)
  } catch (cause) {
    if (cause instanceof EnvFileError) throw new ProvisionError(cause.problem, cause.fix, { cause })
    if (codeOf(cause) !== 'ENOENT') throw unusable(path, cause)
    return { text: '', values: {} }
  }
}

/**
 * Makes sure, as far as that can be known beforehand, that settings can be written into a file.
 *
 * @throws ProvisionError when it is nobody's to write, or written in a way that leaves no room for them
 */
export async function assertWritable(path: string, names: readonly string[]): Promise<void> {
  const { text } = await readEnvFile(path)
  changedText(path, text, Object.fromEntries(names.map((name) => [name, 'any'])))
  try {
    const target = await targetOf(path)
    const file = await stat(target).catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error
    })
    if (file && !file.isFile()) throw new Error('not a file')
    if (file) await access(target, constants.W_OK)
    // Another file takes its place, so its folder counts as well.
    await access(dirname(target), constants.W_OK)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Sets values in a file in place: its comments, its order and its other settings stay. What stood there before is kept
 * beside it, and the new file takes its place in one step, so that there is no moment without either.
 *
 * @param path such as `.env`; a symbolic link stays one
 * @param values by name
 * @returns where the backup is; undefined where nothing was in it
 * @throws ProvisionError when it cannot be written; then nothing has changed
 */
export async function updateEnvFile(
  path: string,
  values: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  await assertWritable(path, [])
  const before = await readEnvFile(path)
  const text = changedText(path, before.text, values)
  try {
    const target = await targetOf(path)
    const backup = before.text ? await backUp(target) : undefined
    const temporary = `${target}.${randomUUID()}.tmp`
    try {
      await writeFile(temporary, text, { mode: MODE, flag: 'wx' })
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
    return backup
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** The file itself, where the path is a symbolic link, be it to one that is not there yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const link = await readlink(path).catch(() => '')
    return link ? resolve(dirname(path), link) : path
  }
}

async function backUp(target: string): Promise<string> {
  for (let time = Date.now(); ; time++) {
    const backup = `${target}.${new Date(time).toISOString().replace(/[:.]/g, '-')}.backup`
    try {
      await copyFile(target, backup, constants.COPYFILE_EXCL)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue // made in the same millisecond
      throw error
    }
    await chmod(backup, MODE)
    return backup
  }
}

/** @throws ProvisionError when the text would say something else than it should */
function changedText(path: string, before: string, values: Readonly<Record<string, string>>): string {
  const text = withValues(before, values)
  const after = parseEnv(text)
  const expected = { ...parseEnv(before), ...values }
  for (const name of Object.keys({ ...expected, ...after })) {
    if (after[name] === expected[name]) continue
    throw new ProvisionError(
      phrase`${path} cannot be changed safely: ${name} would read otherwise.`,
      phrase`Look for a quote in it that is never closed, or start with an empty file.`,
    )
  }
  return text
}

function unusable(path: string, cause: unknown): ProvisionError {
  return new ProvisionError(
    phrase`${path} cannot be read or written (${codeOf(cause) ?? (cause as Error).message}).`,
    phrase`Make it a file of yours, or choose another with --env-file.`,
    { cause },
  )
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'dotenv'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assertWritable, readEnvFile, updateEnvFile } from '../../src/provision/env/env-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-file-'))
  path = join(folder, '.env')
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (file: string) => statSync(file).mode & 0o777

/** Writes a file, sets values in it, and gives the text it has then. */
async function changed(text: string, values: Record<string, string>): Promise<string> {
  writeFileSync(path, text)
  await updateEnvFile(path, values)
  return readFileSync(path, 'utf8')
}

describe('the text of the file', () => {
  it('values, of names it has not, stand at its end in their order', async () => {
    expect(await changed('A=1\n', { B: '2', C: '3' })).toBe('A=1\nB=2\nC=3\n')
    expect(await changed('A=1', { B: '2' })).toBe('A=1\nB=2\n')
    expect(await changed('', { B: '2' })).toBe('B=2\n')
  })

  it('comments, blanks, order and other settings, stay', async () => {
    const before = '# ours\n\n  OTHER = "kept as it is"  # why\nA=1\n\n# last\nZ=\n'
    expect(await changed(before, { A: '2' })).toBe(before.replace('A=1', 'A=2'))
  })

  it.each([
    ['an empty value', 'A=\n', 'A=2\n'],
    ['a comment after the value', 'A=1 # ours\n', 'A=2 # ours\n'],
    ['a comment after no value', 'A= # ours\n', 'A=2 # ours\n'],
    ['a comment right after the value', "A='1'# ours\n", 'A=2 # ours\n'],
    ['export', 'export A=1\nB=3\n', 'export A=2\nB=3\n'],
    ['blanks', '  A  =  1  \nB=3\n', '  A  =2  \nB=3\n'],
    ['a colon', 'A: 1\nB=3\n', 'A=2\nB=3\n'],
    ['single quotes', "A='1'\n", 'A=2\n'],
    ['double quotes', 'A="1 # 2"\n', 'A=2\n'],
    ['backticks', 'A=`1`\n', 'A=2\n'],
    ['a value of several lines', 'A="1\n2\n3"\nB=3\n', 'A=2\nB=3\n'],
    ['no end of its line', 'B=3\nA=1', 'B=3\nA=2'],
    ['a name that ends so', 'XA=1\n', 'XA=1\nA=2\n'],
    ['a name that begins so', 'A_X=1\nA.B=1\n', 'A_X=1\nA.B=1\nA=2\n'],
    ['a comment that names it', '# A=1\n', '# A=1\nA=2\n'],
    ['a value that names it', 'B="x\nA=1\n"\n', 'B="x\nA=1\n"\nA=2\n'],
    ['a mark before everything', '\uFEFFA=1\n', '\uFEFFA=2\n'],
  ])('assignment, with %s, is set in its place', async (_case, before, after) => {
    expect(await changed(before, { A: '2' })).toBe(after)
    expect(parse(after).A).toBe('2')
  })

  it('assignment, given twice, is set where it counts', async () => {
    expect(await changed('A=1\nB=2\nA=3\n', { A: '4' })).toBe('A=1\nB=2\nA=4\n')
  })

  it('assignment, of the same value already, is left as it is written', async () => {
    const before = "export A='1' # ours\n"
    expect(await changed(before, { A: '1' })).toBe(before)
  })

  it('lines, ended as on Windows, stay so', async () => {
    expect(await changed('A=1\r\n# ours\r\nB="x\r\ny"\r\n', { A: '2', C: '3' })).toBe(
      'A=2\r\n# ours\r\nB="x\r\ny"\r\nC=3\r\n',
    )
  })

  it.each([
    ...['', 'plain', 'with blanks', ' at both ends ', 'two\nlines', 'ünïcödé 🔑'],
    ...['it’s "quoted"', "it's", 'it\'s "both"', 'it`s', 'back\\slash\\n', '$HOME $1 $& $$'],
    ...['a#b # c', 'https://host/path?a=b&c=%20', 'a=b=c==', '{"json": true}', '!;|<>()*?[]~'],
  ])('value, %j, is read back as it is', async (value) => {
    const text = await changed('A=old\nB=3\n', { A: value, C: value })
    expect(parse(text)).toEqual({ A: value, B: '3', C: value })
  })

  it('value, that cannot be written so that it is read back, is refused and nothing is changed', async () => {
    writeFileSync(path, 'B=1\n')
    await expect(updateEnvFile(path, { A: '\'\n"\n`\n' })).rejects.toThrow(
      /\.env cannot be changed safely: A would read otherwise\.\n {2}→ /,
    )
    expect(readdirSync(folder)).toEqual(['.env'])
    expect(readFileSync(path, 'utf8')).toBe('B=1\n')
  })

  // Quadratic work would take minutes.
  it.each([
    ['empty lines', '\n'],
    ['empty lines of Windows', '\r\n'],
    ['ends of lines of an old Mac', '\r'],
    ['ends of lines of Unicode', '\u2028'],
    ['comments', '# ours\n'],
    ['blanks within a value', ' '],
    ['quotes that are never closed', "B='\n"],
    ['quotes that are escaped', "\\'"],
    ['names without a value', 'export \n'],
  ])('a file of 200,000 %s, is changed as any other', async (_what, part) => {
    const before = `A=1\nB='x ${part.repeat(200_000)} y\nC=1\n`
    expect(await changed(before, { A: '2' })).toBe(before.replace('A=1', 'A=2'))
  })
})

describe('the file', () => {
  it('file, not there yet, is made for its owner only, without a backup', async () => {
    expect(await updateEnvFile(path, { A: '1' })).toBeUndefined()
    expect(readFileSync(path, 'utf8')).toBe('A=1\n')
    expect(modeOf(path)).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['.env'])
  })

  it('file, readable by others, is its owner’s alone then, and so is the backup of what it was', async () => {
    writeFileSync(path, 'A=1\n')
    chmodSync(path, 0o644)
    const backup = (await updateEnvFile(path, { A: '2' })) ?? ''
    expect(readFileSync(backup, 'utf8')).toBe('A=1\n')
    expect(modeOf(path)).toBe(0o600)
    expect(modeOf(backup)).toBe(0o600)
    expect(readdirSync(folder).sort()).toEqual(['.env', basename(backup)].sort())
    expect(basename(backup)).toMatch(/^\.env\.[\dTZ-]+\.backup$/)
  })

  it('file, changed again, keeps every backup', async () => {
    writeFileSync(path, 'A=1\n')
    const first = await updateEnvFile(path, { A: '2' })
    const second = await updateEnvFile(path, { A: '3' })
    expect(readFileSync(first ?? '', 'utf8')).toBe('A=1\n')
    expect(readFileSync(second ?? '', 'utf8')).toBe('A=2\n')
  })

  it('file, changed twice in one millisecond, keeps both backups', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    writeFileSync(path, 'A=1\n')
    const first = await updateEnvFile(path, { A: '2' })
    const second = await updateEnvFile(path, { A: '3' })
    vi.useRealTimers()
    expect(readFileSync(first ?? '', 'utf8')).toBe('A=1\n')
    expect(readFileSync(second ?? '', 'utf8')).toBe('A=2\n')
  })

  it.each([
    ['to a file', 'A=1\n'],
    ['to an empty file', ''],
    ['to a file that is not there yet', undefined],
  ])('link, %s, stays one', async (_case, text) => {
    const target = join(folder, 'real', 'settings')
    mkdirSync(join(folder, 'real'))
    if (text !== undefined) writeFileSync(target, text)
    symlinkSync(join('real', 'settings'), path)
    await updateEnvFile(path, { A: '2' })
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(lstatSync(target).isFile()).toBe(true)
    expect(readFileSync(target, 'utf8')).toBe('A=2\n')
    expect(modeOf(target)).toBe(0o600)
  })

  it('file, empty, needs no backup', async () => {
    writeFileSync(path, '')
    expect(await updateEnvFile(path, { A: '1' })).toBeUndefined()
    expect(readdirSync(folder)).toEqual(['.env'])
  })

  it('path, of what is no file, is refused before and not replaced', async () => {
    mkdirSync(path)
    const message = /\.env cannot be read or written \(EISDIR\)\.\n {2}→ Make it a file of yours/
    await expect(readEnvFile(path)).rejects.toThrow(message)
    await expect(assertWritable(path, [])).rejects.toThrow(message)
    for (const device of ['/dev/null']) {
      await expect(assertWritable(device, []), device).rejects.toThrow('(not a file)')
      await expect(updateEnvFile(device, { A: '1' }), device).rejects.toThrow('(not a file)')
      expect(statSync(device).isFile()).toBe(false)
    }
  })

  it('path, in a folder that is not there, is refused', async () => {
    const nowhere = join(folder, 'nowhere', '.env')
    expect(await readEnvFile(nowhere)).toEqual({ text: '', values: {} })
    await expect(assertWritable(nowhere, [])).rejects.toThrow('(ENOENT)')
    await expect(updateEnvFile(nowhere, { A: '1' })).rejects.toThrow('(ENOENT)')
  })

  // Root may do everything.
  it.skipIf(process.getuid?.() === 0)('file, or its folder, not to be written, is refused', async () => {
    writeFileSync(path, 'A=1\n', { mode: 0o400 })
    await expect(assertWritable(path, ['A'])).rejects.toThrow('(EACCES)')
    chmodSync(path, 0o600)
    chmodSync(folder, 0o500)
    await expect(assertWritable(path, ['A'])).rejects.toThrow('(EACCES)')
    await expect(updateEnvFile(path, { A: '2' })).rejects.toThrow('(EACCES)')
    chmodSync(folder, 0o700)
    expect(readdirSync(folder)).toEqual(['.env'])
    expect(readFileSync(path, 'utf8')).toBe('A=1\n')
  })
})

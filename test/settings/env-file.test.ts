import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { updateEnvFile } from '../../src/provision/env/env-file.ts'
import { readSettingsFile } from '../../src/settings/env-file/env-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-file-'))
const path = join(folder, '.env')
afterAll(() => rmSync(folder, { recursive: true }))

const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16()
const expected = { LOGTO_ENDPOINT: 'https://tenant.logto.app', APP_NAME: 'アクメ' }
const text = 'LOGTO_ENDPOINT=https://tenant.logto.app\r\nAPP_NAME="アクメ"\r\n'

const readable: [string, Buffer | string][] = [
  ['UTF-16, as PowerShell 5 writes it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, the other way round', swapped(`\uFEFF${text}`)],
  ['UTF-8 with its mark', `\uFEFF${text}`],
  ['lines ended by CR alone', text.replaceAll('\n', '')],
  ['lines ended by LF', text.replaceAll('\r', '')],
  ['export', text.replaceAll(/^(?=\w)/gm, 'export ')],
  ['a comment that names a setting', `# OKTA_GROUP=x\r\n; PORT=1\r\n${text}`],
]

describe('a file of settings', () => {
  it.each(readable)('file, %s, says the same', (_what, content) => {
    writeFileSync(path, content)
    expect(readSettingsFile(path).values).toEqual(expected)
  })

  it.each(readable.filter(([what]) => !what.includes('CR alone')))(
    'file, %s, loses nothing when provision writes into it',
    async (_what, content) => {
      writeFileSync(path, content)
      const backup = await updateEnvFile(path, {
        LOGTO_APP_ID: 'id',
        LOGTO_ENDPOINT: 'https://other.logto.app',
      })
      const written = { ...expected, LOGTO_APP_ID: 'id', LOGTO_ENDPOINT: 'https://other.logto.app' }
      expect(readSettingsFile(path).values).toEqual(written)
      expect(readFileSync(backup ?? '')).toEqual(Buffer.from(content))
    },
  )

  // Quadratic work would take minutes.
  it.each(['\n', '\r\n'])('file, of 300,000 times %j, sets nothing', (end) => {
    writeFileSync(path, end.repeat(300_000))
    expect(readSettingsFile(path).values).toEqual({})
  })

  it.each<[string, Buffer | string, string]>([
    ['UTF-16 without its mark', Buffer.from(text, 'utf16le'), 'not readable as text'],
    [
      'half a character of UTF-16',
      Buffer.concat([Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.of(0)]),
      'not readable',
    ],
    ['UTF-32', Buffer.concat([Buffer.of(0xff, 0xfe, 0, 0), Buffer.from('L\0\0\0')]), 'not readable as text'],
    ['Latin-1', Buffer.from('APP_NAME=Café\n', 'latin1'), 'not readable as text'],
    ['zeros', 'PORT=1\0\n', 'not readable as text'],
    ['no equals sign', `\n${text.replace('=', ' ')}`, 'names LOGTO_ENDPOINT in line 2'],
    ['an equals sign of full width', text.replace('=', '＝'), 'names LOGTO_ENDPOINT in line 1'],
    ['lower case', text.toLowerCase(), 'names LOGTO_ENDPOINT in line 1'],
    ['the words of PowerShell', `$env:${text}`, 'names LOGTO_ENDPOINT in line 1'],
    ['the words of cmd', `set ${text}`, 'names LOGTO_ENDPOINT in line 1'],
    ['JSON', '{\n  "LOGTO_ENDPOINT": "https://tenant.logto.app"\n}', 'names LOGTO_ENDPOINT in line 2'],
    [
      'a quote that is closed too late',
      'APP_NAME="Acme\nLOGTO_ENDPOINT=https://t.example\nOKTA_GROUP="\n',
      'names LOGTO_ENDPOINT in line 2',
    ],
  ])('file, %s, is refused by name', (_what, content, words) => {
    writeFileSync(path, content)
    expect(() => readSettingsFile(path)).toThrow(words)
  })
})

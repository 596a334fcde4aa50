import { describe, expect, it } from 'vitest'
import { portalSettings } from '../../src/settings/companies/portal-settings.ts'
import { settings } from '../../src/settings/settings.ts'
import { wiringSettings } from '../../src/settings/wiring.ts'
import { fence, read, readmes } from '../support/readmes.ts'
import { generated } from './generated.ts'

const all = settings.extend(wiringSettings.shape).extend(portalSettings.shape)

describe('what is made from the list of settings', () => {
  it.each(Object.entries(generated()))('%s is what `npm run docs` writes', (file, text) => {
    expect(read(file)).toBe(text)
  })

  it('settings, those with a default, say so', () => {
    for (const [name, value] of Object.entries(all.parse({}))) {
      expect(all.shape[name as keyof typeof all.shape].description).toContain(`Default: \`${value}\`.`)
    }
  })
})

describe('the commands of the READMEs', () => {
  /** What types them in, as they stand there. */
  const runners = [
    'test/docs/clone.test.ts',
    'test/dev/dev.test.ts',
    'test/soak/soak.test.ts',
    '.ci/run',
  ].map((name) => read(name).replaceAll('npm run -s ', 'npm run '))

  it.each(
    readmes.map((name) => [name, commandsIn(read(name))] as const).filter(([, found]) => found.length > 0),
  )('%s, its commands, are run by a test: %j', (_name, commands) => {
    const isRun = (command: string) =>
      runners.some((text) => after(text, command).some((rest) => !/^[\w:-]/.test(rest)))
    expect(commands.filter((command) => !isRun(command))).toEqual([])
  })
})

/** What stands behind each occurrence of a command in a text. */
const after = (text: string, command: string) => text.split(command).slice(1)

/** The lines of a README's shell blocks, and what in its sentences begins as a command does. */
function commandsIn(readme: string): string[] {
  const lines = [...readme.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)].flatMap(([, block = '']) =>
    block.split(/(?<!\\)\n/),
  )
  const spans = [...readme.replace(fence, '').matchAll(/`((?:npm|npx|node|docker|git|curl) [^`\n]+)`/g)]
  return [...new Set([...lines, ...spans.map(([, command = '']) => command)])]
}

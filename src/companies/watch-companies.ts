import { companiesIn } from './companies.ts'
import type { LiveCompanies } from './live-companies.ts'
import type { Place, Texts } from './place.ts'
import { recordsIn } from './records.ts'

type Write = (facts: object, message: string) => void

/**
 * Keeps companies as a place has them, from the first look on, which is waited for. While the place cannot be asked, they
 * stay as they are.
 *
 * @param place where it is looked for another version
 * @param logger takes a line where companies are passed over, and where they cannot be looked up
 * @param options.changed hears of each change
 * @param options.every how often it is looked, in milliseconds
 * @returns a function that ends it
 */
export async function watchCompanies(
  companies: LiveCompanies,
  place: Place,
  logger: { readonly info: Write; readonly warn: Write },
  { changed = () => {}, every = 2000 }: { changed?: () => void; every?: number } = {},
): Promise<() => void> {
  let known: Texts = { version: undefined, texts: new Map() }
  let isAway = false
  let lastReported = ''
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  async function look(): Promise<void> {
    const version = await place.version('company')
    if (version === known.version) return
    if (version === undefined && place.mayForget) return writeBack()
    known = await place.read('company')
    const { broken, ...stored } = companiesIn(recordsIn(known.texts))
    const passedOver = [...broken, ...companies.replace(stored)].map(({ en }) => en)
    if (passedOver.length > 0 && passedOver.join() !== lastReported)
      logger.warn({ companies: passedOver }, 'companies are passed over, for something is wrong with them')
    lastReported = passedOver.join()
    changed()
  }

  /** A Redis that keeps nothing on disk has lost them when it starts again. Nobody takes a company away like that. */
  async function writeBack(): Promise<void> {
    const { version = '', texts } = known
    const isWritten = await place.write('company', undefined, { version, put: texts, dropped: [] })
    if (isWritten) logger.warn({ place: place.name }, 'the companies were lost there, and are written back')
  }

  async function lookAndGoOn(): Promise<void> {
    try {
      await look()
      isAway = false
    } catch (error) {
      if (!isAway) {
        const { message } = error as Error
        logger.warn({ place: place.name, fault: message }, 'companies cannot be looked up; those known stay')
      }
      isAway = true
    }
    if (!isOver) timer = setTimeout(lookAndGoOn, every).unref()
  }

  await lookAndGoOn()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

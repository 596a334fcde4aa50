import { EventEmitter } from 'node:events'
import { existsSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds without another change after which the files are taken to be whole: editors write in several steps. */
const quiet = 100

/** What editors put beside a file while it is open. */
const ofAnEditor = /^\.|~$|\.sw.$|^4913$/

/**
 * Watches every file of some folders, and those below them, of any kind; and in the folder of the process its settings.
 *
 * @param folders names in the folder of the process
 * @returns emits `change` with the name of a file that was saved, made, or taken away
 */
export function watchFiles(folders: readonly string[]): EventEmitter<{ change: [string] }> {
  const changes = new EventEmitter<{ change: [string] }>()
  const watched = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const changed = (file: string) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      // Folders that were made meanwhile.
      follow()
      changes.emit('change', file)
    }, quiet)
  }
  // A folder at a time: as a whole, Node.js 20 loses files on Linux that an editor has put in place of others.
  const follow = () => {
    for (const folder of folders.flatMap((name) => [name, ...foldersBelow(name)])) {
      if (watched.has(folder)) continue
      watched.add(folder)
      watch(folder, (_event, name) => {
        if (name && !ofAnEditor.test(name)) changed(join(folder, name))
      }).on('error', () => watched.delete(folder))
    }
  }
  follow()
  watch('.', (_event, name) => {
    if (name === '.env') changed(name)
  })
  return changes
}

const foldersBelow = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name))
    : []

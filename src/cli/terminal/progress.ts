import { cutTo } from '../../words/columns.ts'

/** A terminal line that can be written over. */
interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const eraseLine = '\r\u001b[2K'

/**
 * Shows which link is being tried, on one line of a terminal; nothing where there is none.
 *
 * @param terminal such as `process.stderr`
 */
export function progressOn(terminal: Terminal): { show: (title: string) => void; end: () => void } {
  if (!terminal.isTTY) return { show: () => {}, end: () => {} }
  const width = (terminal.columns || 80) - 1
  return {
    show: (title) => terminal.write(`${eraseLine}${cutTo(`… ${title}`, width)}`),
    end: () => terminal.write(eraseLine),
  }
}

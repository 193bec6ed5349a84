/**
 * Progress on the error stream: one line for each step. On a terminal, a spinner shows the step that is at work.
 */
import type { Style } from '../../terminal/style.ts'
import type { Output } from '../io.ts'

/** Shows what a command is doing. All texts must be safe to print. */
export interface Progress {
  /** A step begins, such as a request. */
  begin(text: string): void
  /** A step has ended well. */
  pass(text: string): void
  /** A step has ended badly. */
  fail(text: string): void
  /** What the user should know. */
  note(text: string): void
  /** Stops the spinner. */
  end(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 80
const CLEAR_LINE = '\r\u001b[K'

/** @param isQuiet - whether only failures and notes are shown */
export function createProgress(output: Output, style: Style, isQuiet: boolean): Progress {
  const spinner = createSpinner(output, style)
  const write = (mark: string, text: string): void => {
    spinner.stop()
    output.write(`${mark} ${text}\n`)
  }
  return {
    begin: (text) => {
      if (output.isTTY && !isQuiet) spinner.start(text)
    },
    pass: (text) => {
      if (isQuiet) spinner.stop()
      else write(style.green('✓'), text)
    },
    fail: (text) => write(style.red('✗'), text),
    note: (text) => write(style.yellow('!'), text),
    end: () => spinner.stop(),
  }
}

interface Spinner {
  start(text: string): void
  stop(): void
}

function createSpinner(output: Output, style: Style): Spinner {
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = (): void => {
    if (timer === undefined) return
    clearInterval(timer)
    timer = undefined
    output.write(CLEAR_LINE)
  }
  const start = (text: string): void => {
    stop()
    let frame = 0
    const draw = (): void => {
      output.write(`${CLEAR_LINE}${style.dim(FRAMES[frame++ % FRAMES.length] as string)} ${text}`)
    }
    draw()
    timer = setInterval(draw, FRAME_MS)
    // it must not hold the process open
    timer.unref()
  }
  return { start, stop }
}

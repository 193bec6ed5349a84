/** Times and lengths of time as people say them. */

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' })
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** Such as `16:20:14`. All times are UTC. */
export function toClock(ms) {
  return isTime(ms) ? CLOCK.format(ms) : '–'
}

/** With the date, if it is not today. */
export function toMoment(ms, nowMs) {
  if (!isTime(ms)) return 'no time'
  const day = DAY.format(ms)
  return day === DAY.format(nowMs) ? toClock(ms) : `${day}, ${toClock(ms)}`
}

/** Such as `59 min` or `2 h 5 min`. */
export function toLength(ms) {
  const seconds = Math.round(Math.abs(ms) / 1_000)
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100 && minutes !== 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours > 72) return `${Math.round(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** Such as `in 59 min` or `3 min ago`. */
export function toDistance(ms, nowMs) {
  return ms >= nowMs ? `in ${toLength(ms - nowMs)}` : `${toLength(ms - nowMs)} ago`
}

function isTime(ms) {
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15
}

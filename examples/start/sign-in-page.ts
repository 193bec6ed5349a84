/**
 * The issuer's pages, without a script: a form with a button for each sample user.
 */
import { type SampleUser, USERS } from './sample.ts'

const PARAMETERS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'code_challenge',
  'code_challenge_method',
]

/** `form`: a checked request to sign in. */
export function toSignInPage(form: URLSearchParams): string {
  const hidden = PARAMETERS.map(
    (name) => `<input type="hidden" name="${name}" value="${escapeHtml(form.get(name) ?? '')}">`,
  )
  return toPage(
    'Sign in',
    `<p>This is the sign-in page of the embedded issuer. There are no passwords: choose who you are.</p>
<form method="post" action="/login">
${hidden.join('\n')}
<ul class="users">
${USERS.map(toButton).join('\n')}
</ul>
</form>
<p class="quiet">You go back to the page with an authorization code. It is worth nothing without the PKCE verifier that the page kept.</p>`,
  )
}

export function toErrorPage(text: string, client?: string): string {
  const back = client === undefined ? '' : `<p><a class="button" href="${client}/">Back</a></p>`
  return toPage('No sign-in', `<p>${escapeHtml(text)}</p>${back}`)
}

function toButton({ username, name, groups, scope }: SampleUser): string {
  const membership = groups.length > 0 ? `group ${groups.join(', ')}` : 'no groups'
  return `<li><button name="username" value="${username}">
<strong>${name}</strong> <span>${membership}</span> <span>scope ${scope}</span></button></li>`
}

function toPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · jwt-gate demo issuer</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/theme.css">
<link rel="stylesheet" href="/sign-in.css">
</head>
<body class="issuer">
<main>
<p class="wordmark">jwt<i>.</i>gate<i>.</i>issuer</p>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

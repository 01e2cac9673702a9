/**
 * Words and phrases that developers use for the same thing, one group a line, separated by `, `. Written from the
 * field's own glossaries (acronyms, symptoms and their causes, British and American spelling), not from any store.
 */
export const THESAURUS = `
login, log in, sign in, signin, sign-in, logon, authentication, authenticate, auth
logout, log out, sign out, signout, revoke session, end session
signup, sign up, register, registration, create account, onboarding
jwt, json web token, bearer token, access token, refresh token, auth token, authentication token
sso, single sign-on, single sign on, saml, oidc, openid, oauth
2fa, mfa, two-factor, two factor, multi-factor, second factor, second step, totp, one-time code, one-time password, otp, authenticator
credentials, password, passphrase, passcode, secret, login data
brute force, credential stuffing, guess passwords, failed attempts, lock account, account lockout
rbac, acl, access control, role based, permissions, roles, authorization, authorisation, privileges, rights
biometrics, biometric, fingerprint, touch id, face id, face recognition
payment, pay, charge, billed, billing, checkout, purchase
double charge, charged twice, billed twice, paid twice, charge twice
refund, money back, reimburse, chargeback, give back money, reimbursement
coupon, voucher, promo code, promo, discount code, promotion code, discount
invoice, bill, receipt
credit card, card, payment method, debit card
customer, client, buyer, shopper
order, purchase
plan, subscription, tier, membership
tax, vat, gst, sales tax
fts, full-text search, full text search, text search, tsvector
autocomplete, autosuggest, typeahead, type ahead, suggest, suggestions, completion, search as you type
accents, diacritics, umlauts, umlaut, accent, special characters
dark mode, dark theme, night mode, night theme, dark colours
theme, appearance, colour scheme, color scheme, skin
dropdown, drop-down, drop down, select, combobox, menu, popup menu, popover
modal, dialog, dialogue, popup, overlay, lightbox
cut off, clipped, truncated, cropped, overflow, off screen, off-screen, outside the window, outside viewport
spinner, loader, loading indicator, keeps loading, loading forever, never finishes loading, hangs, busy indicator
dnd, drag and drop, drag-and-drop, reorder, drag
table, grid, data grid, datagrid, spreadsheet
bundle, chunk, javascript size, bundle size, code splitting, lazy loading, lazy load, dynamic import
frontend, front end, front-end, ui, user interface, client side, gui
backend, back end, back-end, server side
ux, user experience, usability
crash, segfault, core dump, abort, exception, panic, dies, quits, closes by itself
push notification, push message, push, notification
offline, without connection, no connection, no network, airplane mode, disconnected, no internet
photo, picture, image, avatar, img, thumbnail
rotated, sideways, upside down, orientation, exif, turned
battery, power consumption, energy
db, database, rdbms, sql database, datastore
pg, postgres, postgresql, psql
mysql, mariadb
mongo, mongodb
k8s, kubernetes, kube, cluster
slow query, sequential scan, full table scan, missing index, add an index, database index, seq scan
deadlock, lock wait, lock contention
connection pool, pool exhausted, too many connections, connections in use, idle in transaction, connection limit
migration, schema change, migrate, ddl, schema update
soft delete, logical delete, tombstone, deleted_at
backup, dump, snapshot, restore, disaster recovery
timezone, time zone, utc, dst, daylight saving, daylight saving time, summer time, local time
pagination, paginate, paging, cursor, page size, offset
rate limit, rate limiting, throttle, throttling, too many requests, 429, quota
bulk, batch, mass, many at once, multiple at once
graphql, gql
rest, restful, http api, endpoint, api
cors, cross-origin, cross origin, another origin, other origin, preflight, access-control-allow-origin
sdk, client library, client libraries, api client
openapi, swagger, oas
webhook, web hook, callback url, http callback
deprecate, deprecated, deprecation, sunset, end of life, eol
ci, continuous integration, pipeline, build server, github actions, jenkins, workflow
cd, continuous delivery, continuous deployment, deployment
flaky, intermittent, unstable, non-deterministic, sometimes fails, fails sometimes, random failure, unreliable
e2e, end-to-end, end to end, system test, browser test, ui test
test, spec, unit test, test case
coverage, code coverage, untested
mock, stub, fake, test double
dependency, dependencies, deps, package, library, packages, third-party
update, upgrade, bump, new version
pr, pull request, merge request, mr
preview, preview environment, preview deployment, review app
release, ship, rollout, roll out, publish, deploy
rollback, roll back, revert, undo release, previous version
zero-downtime, zero downtime, rolling update, rolling deployment, graceful shutdown, drain, blue green
502, bad gateway, 503, service unavailable, 504, gateway timeout, 5xx
500, internal server error, server error
413, payload too large, request entity too large, file too large, large file, too big
404, not found, dead link, broken link, missing page
401, 403, unauthorized, unauthorised, forbidden, access denied, permission denied
terraform, iac, infrastructure as code, pulumi, cloudformation
oom, oomkilled, out of memory, memory limit, exit code 137, killed
memory leak, leak, memory grows, eats memory, eats ram, ram usage, heap grows, memory usage
ram, memory, heap
cpu, processor, high load, 100 %
env vars, env var, environment variables, environment variable, env, dotenv
config, configuration, settings, preferences, options, setup
secret, secrets, api key, credential, private key, access key
tls, ssl, https, certificate, cert, x509, acme, let's encrypt, not secure, untrusted, not trusted
cdn, edge cache, static files, static assets, content delivery network
staging, pre-production, preprod, test environment
production, prod, live
log, logs, logging, log file, log lines
tracing, trace, distributed tracing, otel, opentelemetry, span, apm, traceparent
alert, page, pager, alarm, monitoring, on-call, on call, paging
metrics, dashboard, grafana, prometheus, golden signals, monitoring
health check, healthcheck, health endpoint, healthz, liveness, readiness, status page
audit, audit trail, audit log, activity history, activity log, change history, who changed
stack trace, stacktrace, traceback, backtrace, source map, sourcemap, minified
lcp, largest contentful paint, web vitals, page speed, page load, first load, fcp, core web vitals
performance, perf, speed, slow, latency, fast, speed up, sluggish, lag, takes long, takes minutes
n+1, n plus one, too many queries, one query per
cache, caching, memoize, redis, memcached
redos, catastrophic backtracking, regular expression, regex, regexp, nested quantifiers
compress, compression, gzip, brotli, zip
virtualise, virtualize, virtual scrolling, windowing, infinite scroll, long list
digest, summary mail, daily mail, daily email, weekly email
mail, email, e-mail, message
spam, junk, junk folder, junk mail, dkim, spf, dmarc, deliverability
unsubscribe, opt out, opt-out, stop mails, list-unsubscribe
bounce, undeliverable, delivery failure
sms, text message
unread, badge, inbox, counter
do not disturb, dnd mode, quiet hours, mute, silence
upload, attach, attachment, send file, add file
download, export, save as
virus, malware, antivirus, trojan, clamav
quota, storage limit, disk quota, size limit, usage limit
orphan, unused, unreferenced, garbage, leftover, stale, dangling
signed url, signed link, presigned, presigned url, private file
i18n, internationalization, internationalisation, translation, translate, localization, localisation, l10n, locale, multilingual, languages
rtl, right-to-left, right to left, arabic, hebrew, bidi
a11y, accessibility, accessible, wcag, screen reader, aria, keyboard navigation, assistive technology
contrast, readable, legible, too light
captions, subtitles, transcript, closed captions
docs, documentation, manual, guide, handbook, readme, tutorial, howto
getting started, quick start, quickstart, onboarding, first steps, introduction
adr, architecture decision record, architecture decision records, design decision, decision log
runbook, playbook, on-call handbook, operations manual, incident guide
changelog, release notes, what's new, change log
coc, code of conduct
fixture, test data, seed data, sample data, factory
load test, stress test, performance test, benchmark
contract test, consumer driven, pact
visual regression, screenshot test, visual diff, snapshot test
sqli, sql injection, injection
xss, cross-site scripting, cross site scripting, script injection, javascript injection
csrf, xsrf, cross-site request forgery
ssrf, server-side request forgery
csp, content security policy
cve, vulnerability, security hole, security issue, exploit, security advisory
pentest, penetration test, security audit
encrypt, encryption, cipher, aes, at rest
pii, personal data, personal information, private data, personally identifiable information, gdpr, privacy
right to be forgotten, erase, erasure, delete my data, forget user, remove personal data
subject access request, dsar, data export, data portability, article 15
anonymise, anonymize, pseudonymise, mask, scrub, redact
csv, spreadsheet import, excel, xlsx
cdc, change data capture, binlog, logical replication
etl, data pipeline, warehouse, data warehouse, analytics
duplicate, dupe, deduplicate, same twice, double, dedup
queue, message queue, mq, job queue, broker, rabbitmq, kafka
dlq, dead-letter queue, dead letter queue, dead letter, poison message
retry, retries, try again, backoff, repeat
idempotent, idempotency, exactly once, runs twice, processed twice, executed twice
cron, scheduler, schedule, scheduled, periodic, nightly
background job, worker, job, task, async job
cli, command line, command-line, terminal, console, shell
exit code, exit status, return code, exits with 0, exit 0, stays green, non-zero
tab completion, shell completion, autocompletion
watch mode, watch, hot reload, live reload, rebuild on change
binary, executable, single file
dry run, dry-run, preview changes, simulate, what would
vcs, version control, git, repository, repo
lfs, large file storage, large files
monorepo, mono repo, workspaces, workspace
hook, git hook, pre-commit
codeowners, code owners, reviewers, code review
lint, linter, eslint, static analysis, formatting, prettier
refactor, refactoring, clean up, cleanup, tidy, technical debt, tech debt
remove, delete, drop, erase, get rid of
add, create, new, introduce, implement
broken, does not work, fails, failing, error, bug, defect, wrong
freeze, hang, hangs, stuck, unresponsive, blocks, not responding
race condition, race, concurrency, data race, out of order
timeout, timed out, time out, deadline exceeded, takes too long
admin, administrator, superuser, root user
team, group, organisation, organization
browser, chrome, firefox, safari
phone, mobile, smartphone, ios, android
button, click, tap
form, input, field, text field, validation
ws, websocket, web socket, realtime, real-time
npe, null pointer, nullpointerexception, undefined is not a function, null reference, cannot read properties
ttl, expiry, expire, expires, expired, expiration, lifetime, validity
poc, proof of concept, prototype, spike
mvp, minimum viable product
sla, slo, uptime, availability
ha, high availability, failover, redundancy, replica
lb, load balancer, reverse proxy, nginx, proxy
dns, domain name, name resolution
vm, virtual machine, container, docker, image
os, operating system, linux, windows, macos
ide, editor, vscode
orm, object relational mapper, active record
spa, single page application, react, vue, angular
ssr, server-side rendering, server side rendering, hydration
seo, search engine, crawler, sitemap, meta tags
wysiwyg, rich text editor, rich text
uuid, guid, unique id
crud, create read update delete
kpi, metric, analytics, tracking
eta, remaining time, progress, progress bar
wip, work in progress, draft
qa, quality assurance, testing
tos, terms of service, legal
llm, language model, ai, gpt
`;

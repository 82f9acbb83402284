"""The Telegram channel, served by `waymark serve`. `service.TelegramService` is its door.

- `settings`: what a board has chosen; `invite_command`: `waymark invite`
- `intake`: updates in, by polling or webhook; `queues`: one after another, chats side by side
- `dialogue`, `commands`, `pressing`: what is said to an update, a command, a button
- `speaking`, `rendering`, `splitting`, `buttons`: a reply as messages with buttons
- `outbox`: messages out, with all that Telegram may do to them
- `wording`: the channel's own sentences; `identity`: hashes instead of people
- `quiet_logs`: keeps the token out of logs
"""

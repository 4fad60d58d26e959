"""The Telegram channel: raw updates to Inbound, Outbound to Bot API calls, the API's refusals to delivery errors."""

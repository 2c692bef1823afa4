"""A contractor portal: it is told of credentials by Standard Webhooks, and knows whom the gate lets in."""

"""Many reports: finding inputs and running audits over them."""

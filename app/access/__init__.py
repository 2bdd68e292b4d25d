"""Who may do what, to which rows, and to which fields. Pages, REST, sockets, exports and jobs all ask here."""

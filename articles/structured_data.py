def article(article, publication):
    return {}

from tests.test_canaries import *
from tests.test_canaries import site
import time, collections
del test_what_somebody_may_not_read_is_told_by_no_address_and_asking_changes_nothing, test_search_does_not_know_the_words_whole_begun_or_misspelt
def test_x(app, site):
    every = re.compile("|".join(site.readers))
    adr=addresses(app); print(len(adr))
    al=app.url_map.bind("localhost")
    cost=collections.Counter(); n=collections.Counter()
    for name in PEOPLE:
        reader=Reader(app,name); closed=site.closed_to(name)
        for a in adr:
            t=time.process_time(); x=reader.ask(a); 
            try: e=al.match(a.split("?")[0])[0]
            except Exception as ex: e=str(ex)[:30]
            cost[e]+=time.process_time()-t; n[e]+=1
            bad={w for w in every.findall(x) if w in closed and w not in a}
            if bad: print("LEAK",name,a,[(w,site.readers[w],"slug" if w in site.slugs else "") for w in bad][:4])
    print([(e,n[e],round(c,2)) for e,c in cost.most_common(14)], sum(cost.values()))
    assert 0
